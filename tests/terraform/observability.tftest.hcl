mock_provider "aws" {
  source = "./mocks"
}

variables {
  name              = "sample-grafana"
  name_of_the_stack = "sample"
  account           = { id = "123456789012", partition = "aws", region = "eu-central-1" }
  docs              = "../../docs"
  settings = {
    password_secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:grafana-AbCdEf"
    subnet_ids          = ["subnet-private"]
    assign_public_ip    = false
    cpu                 = 256
    memory_mb           = 1024
    counts_secret_arn   = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:reader-AbCdEf"
  }
  queries            = { workgroup = "sample", workgroup_arn = "arn:aws:athena:eu-central-1:123456789012:workgroup/sample" }
  lake               = { database_name = "sample", glue_arns = ["arn:aws:glue:eu-central-1:123456789012:database/sample"], prefixes = { tables = "lake", query_results = "query_results" } }
  bucket             = { name = "sample-data", arn = "arn:aws:s3:::sample-data", prefix = "observability" }
  log_retention_days = 30
}

run "opens_nothing" {
  module {
    source = "../../terraform/modules/observability"
  }

  assert {
    condition     = length(aws_security_group.observability.ingress) == 0 && !one(aws_ecs_service.observability.network_configuration).assign_public_ip
    error_message = "something from outside reaches the task"
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.aws.from_port == 443
      && aws_vpc_security_group_egress_rule.aws.to_port == 443
      && length(aws_vpc_security_group_egress_rule.counts) == 0
    )
    error_message = "more is let out than AWS and registries need"
  }

  assert {
    condition = alltrue([
      for container in jsondecode(aws_ecs_task_definition.observability.container_definitions) :
      try(container.portMappings, null) == null
      && (container.name == "files" || strcontains(jsonencode([try(container.command, []), try(container.environment, [])]), "127.0.0.1"))
    ])
    error_message = "a container listens elsewhere than on the task's loopback"
  }

  assert {
    condition = (
      strcontains(output.tunnel, "--cluster sample-grafana --tasks $(aws ecs list-tasks --region eu-central-1")
      && strcontains(output.tunnel, "--target \"ecs:sample-grafana_$${id%-*}_$id\"")
    )
    error_message = "the tunnel does not end at the task: ${output.tunnel}"
  }

  assert {
    condition     = output.url == "http://127.0.0.1:3000" && aws_ecs_service.observability.enable_execute_command
    error_message = "Grafana cannot be opened through a tunnel"
  }
}

run "has_no_password_of_its_own" {
  module {
    source = "../../terraform/modules/observability"
  }

  assert {
    condition = [
      for container in jsondecode(aws_ecs_task_definition.observability.container_definitions) : {
        secrets   = [for secret in container.secrets : secret.name]
        passwords = [for each in container.environment : each.name if strcontains(each.name, "PASSWORD")]
        anonymous = [for each in container.environment : each.value if each.name == "GF_AUTH_ANONYMOUS_ENABLED"]
      } if container.name == "grafana"
    ] == [{ secrets = ["GF_SECURITY_ADMIN_PASSWORD"], passwords = [], anonymous = ["false"] }]
    error_message = "Grafana is open to whoever comes, or has a password that is in the task's definition"
  }
}

run "is_given_the_files_of_the_compose_file" {
  module {
    source = "../../terraform/modules/observability"
  }

  assert {
    condition = (
      { for name, file in aws_s3_object.file : name => file.content if contains(["prometheus.yaml", "rules.yaml", "dashboard.json"], name) }
      == { for name in ["prometheus.yaml", "rules.yaml", "dashboard.json"] : name => file("../../docs/observability/${name}") }
    )
    error_message = "Prometheus or Grafana is told something else than on a laptop"
  }

  assert {
    condition = (
      yamldecode(aws_s3_object.file["yace.yaml"].content).customNamespace[0].namespace == "Headwater/sample"
      && alltrue([for job in concat(yamldecode(aws_s3_object.file["yace.yaml"].content).customNamespace, yamldecode(aws_s3_object.file["yace.yaml"].content).discovery.jobs) : job.regions == ["eu-central-1"]])
    )
    error_message = "YACE looks for another stack, or in another region"
  }

  assert {
    condition     = [for source in yamldecode(aws_s3_object.file["datasources/headwater.yaml"].content).datasources : source.type] == ["prometheus", "cloudwatch", "grafana-athena-datasource"]
    error_message = "Grafana looks elsewhere"
  }

  assert {
    condition = {
      for container in jsondecode(aws_ecs_task_definition.observability.container_definitions) : container.name => container.image if container.name != "files"
      } == {
      for name, service in yamldecode(file("../../docs/observability/compose.yaml")).services : name => service.image if contains(["grafana", "prometheus", "yace"], name)
    }
    error_message = "an image is another than the compose file's"
  }
}

run "asks_the_counts_with_a_login_that_was_given" {
  variables {
    counts = { address = "counts.example", port = 5432, name = "counts", security_group_id = "sg-database" }
  }

  module {
    source = "../../terraform/modules/observability"
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.counts[0].referenced_security_group_id == "sg-database"
      && strcontains(aws_s3_object.file["datasources/headwater.yaml"].content, "counts.example:5432")
      && strcontains(aws_ecs_task_definition.observability.container_definitions, "secret:reader-AbCdEf:password::")
    )
    error_message = "panels do not reach the counts"
  }
}
