mock_provider "aws" {
  source = "./mocks"
}

variables {
  name    = "sample-poller"
  account = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  image   = { uri = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-poller:1.0.0", architecture = "arm64" }
  settings = {
    configs          = { weblogs = "../../lambdas/poller/examples/weblogs.yaml" }
    cpu              = 256
    memory_mb        = 512
    subnet_ids       = []
    assign_public_ip = false
    secrets          = {}
  }
  stream             = { name = "sample-events", arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events" }
  bucket             = { name = "sample-data", arn = "arn:aws:s3:::sample-data", prefix = "poller" }
  metrics_namespace  = "Headwater/sample"
  log_retention_days = 30
}

run "is_always_on" {
  module {
    source = "../../terraform/modules/poller"
  }

  assert {
    condition = (
      aws_ecs_service.poller["weblogs"].desired_count == 1
      && aws_ecs_service.poller["weblogs"].deployment_maximum_percent == 100
      && length(aws_cloudwatch_event_rule.schedule) == 0
      && jsondecode(aws_ecs_task_definition.poller["weblogs"].container_definitions)[0].command == []
    )
    error_message = "not one task runs, or two do while one is replaced"
  }

  assert {
    condition     = one(aws_ecs_service.poller["weblogs"].network_configuration).assign_public_ip && aws_security_group.poller.vpc_id == "vpc-default"
    error_message = "without subnets, a task does not run in the default VPC, where it needs a public address"
  }

  assert {
    condition     = length(aws_security_group.poller.ingress) == 0 && keys(aws_vpc_security_group_egress_rule.poller) == ["443"]
    error_message = "more is let in or out than polls need"
  }

  assert {
    condition = { for each in jsondecode(aws_ecs_task_definition.poller["weblogs"].container_definitions)[0].environment : each.name => each.value } == {
      POLLER_CONFIG                = "s3://sample-data/${aws_s3_object.config["weblogs"].key}"
      POLLER_STATE                 = "s3://sample-data/poller/state"
      STREAM_NAME                  = "sample-events"
      AWS_REGION                   = "eu-west-1"
      POWERTOOLS_METRICS_NAMESPACE = "Headwater/sample"
    }
    error_message = "the task is not told what its settings read"
  }
}

run "polls_on_a_schedule_in_given_subnets" {
  variables {
    settings = {
      configs          = { weblogs = "../../lambdas/poller/examples/weblogs.yaml" }
      schedule         = "rate(15 minutes)"
      cpu              = 256
      memory_mb        = 512
      subnet_ids       = ["subnet-private"]
      assign_public_ip = false
      secrets          = { WEBLOGS_TOKEN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:weblogs-AbCdEf" }
    }
  }

  module {
    source = "../../terraform/modules/poller"
  }

  assert {
    condition = (
      length(aws_ecs_service.poller) == 0
      && aws_cloudwatch_event_rule.schedule["weblogs"].schedule_expression == "rate(15 minutes)"
      && jsondecode(aws_ecs_task_definition.poller["weblogs"].container_definitions)[0].command == ["--once"]
    )
    error_message = "the schedule does not poll once"
  }

  assert {
    condition = (
      aws_security_group.poller.vpc_id == "vpc-given"
      && !one(one(aws_cloudwatch_event_target.schedule["weblogs"].ecs_target).network_configuration).assign_public_ip
    )
    error_message = "the task does not stay in the subnets that were given"
  }

  assert {
    condition = alltrue([
      for policy in [aws_iam_role_policy.poll.policy, aws_iam_role_policy.start.policy] :
      contains([for each in jsondecode(policy).Statement : each.Sid], "Secrets")
    ]) && jsondecode(aws_ecs_task_definition.poller["weblogs"].container_definitions)[0].secrets[0].name == "WEBLOGS_TOKEN"
    error_message = "the task does not get the secrets that were given"
  }
}

run "refuses_a_config_under_another_id" {
  command = plan

  variables {
    settings = {
      configs          = { other = "../../lambdas/poller/examples/weblogs.yaml" }
      cpu              = 256
      memory_mb        = 512
      subnet_ids       = []
      assign_public_ip = false
      secrets          = {}
    }
  }

  module {
    source = "../../terraform/modules/poller"
  }

  expect_failures = [aws_s3_object.config]
}
