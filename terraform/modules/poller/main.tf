# A task for each config: a service that is always on, or one poll at a time on a schedule. Two tasks
# for one config would do no harm, and one of them would fail: the state is written under a condition.

locals {
  is_scheduled = var.settings.schedule != null
  services     = local.is_scheduled ? {} : var.settings.configs
  schedules    = local.is_scheduled ? var.settings.configs : {}

  state = "${var.bucket.prefix}/state"
}

resource "aws_cloudwatch_log_group" "poller" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_cluster" "poller" {
  # checkov:skip=CKV_AWS_65:Container Insights costs more than the task; the poller's own metrics say how it does.

  name = var.name
}

# A config is an object whose key follows from what is in it: another config is another task
# definition.
resource "aws_s3_object" "config" {
  for_each = var.settings.configs

  bucket       = var.bucket.name
  key          = "${var.bucket.prefix}/configs/${each.key}-${substr(filesha256(each.value), 0, 16)}.yaml"
  content      = file(each.value)
  content_type = "application/yaml"

  # A task may start by the old definition until there is a new one.
  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = try(yamldecode(file(each.value)).id, null) == each.key
      error_message = "poller.configs has ${each.value} under \"${each.key}\", and its `id` is another: the state is kept by that id."
    }
  }
}

resource "aws_ecs_task_definition" "poller" {
  # checkov:skip=CKV_AWS_97:It mounts no file system.

  for_each = var.settings.configs

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.settings.cpu
  memory                   = var.settings.memory_mb
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.poll.arn

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = { arm64 = "ARM64", x86_64 = "X86_64" }[var.image.architecture]
  }

  container_definitions = jsonencode([{
    name                   = "poller"
    image                  = var.image.uri
    command                = local.is_scheduled ? ["--once"] : []
    essential              = true
    readonlyRootFilesystem = true
    stopTimeout            = 60 # Enough to end a request and to save the state.

    environment = [for name, value in {
      POLLER_CONFIG                = "s3://${var.bucket.name}/${aws_s3_object.config[each.key].key}"
      POLLER_STATE                 = "s3://${var.bucket.name}/${local.state}"
      STREAM_NAME                  = var.stream.name
      AWS_REGION                   = var.account.region
      POWERTOOLS_METRICS_NAMESPACE = var.metrics_namespace
    } : { name = name, value = value }]

    secrets = [for name, arn in var.settings.secrets : { name = name, valueFrom = arn }]

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.poller.name
        awslogs-region        = var.account.region
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

resource "aws_ecs_service" "poller" {
  # checkov:skip=CKV_AWS_333:A public address is asked for where there is no NAT; nothing listens, and the security group lets nothing in.

  for_each = local.services

  name            = each.key
  cluster         = aws_ecs_cluster.poller.id
  task_definition = aws_ecs_task_definition.poller[each.key].arn
  launch_type     = "FARGATE"
  desired_count   = 1

  # The old task ends before the new one starts.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets          = local.subnet_ids
    security_groups  = [aws_security_group.poller.id]
    assign_public_ip = local.has_public_address
  }

  depends_on = [aws_iam_role_policy.poll, aws_iam_role_policy.start]
}
