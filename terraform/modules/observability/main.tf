# One task on Fargate: Grafana, Prometheus and YACE share its loopback, as they share a laptop's under
# docs/observability/compose.yaml, and are given the same files. Nothing listens on another address.

locals {
  compose = yamldecode(file("${var.docs}/observability/compose.yaml")).services

  # By what each is named in the task: the same as the compose file mounts, but for what names a stack.
  files = merge(
    {
      for name in ["prometheus.yaml", "rules.yaml"] : name => file("${var.docs}/observability/${name}")
    },
    {
      "dashboards/headwater.yaml" = file("${var.docs}/observability/grafana/dashboards/headwater.yaml")
      "dashboard.json"            = file("${var.docs}/observability/dashboard.json")
      "questions.json"            = file("${var.docs}/grafana/headwater.json")
      "yace.yaml" = replace(
        replace(file("${var.docs}/observability/yace.yaml"), "eu-west-1", var.account.region),
        "sample", var.name_of_the_stack, # Last: a name may have a region in it.
      )
      "datasources/headwater.yaml" = yamlencode({ apiVersion = 1, datasources = local.sources })
    },
  )

  # Other files are another prefix, and so another task: one that runs keeps what it began with.
  prefix = "${var.bucket.prefix}/${substr(sha256(jsonencode(local.files)), 0, 16)}"
}

resource "aws_s3_object" "file" {
  # checkov:skip=CKV_AWS_186:The bucket encrypts it, by the deployer's key if there is one.

  for_each = local.files

  bucket  = var.bucket.name
  key     = "${local.prefix}/${each.key}"
  content = each.value

  # A task may start by the old definition until there is a new one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "observability" {
  # checkov:skip=CKV_AWS_158:CloudWatch's own key encrypts it; a customer-managed key costs $1 a month, and keeps out nobody that the policies allow.

  name              = "/aws/ecs/${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_ecs_cluster" "observability" {
  # checkov:skip=CKV_AWS_65:Container Insights costs more than the task; whether Grafana answers is seen by whoever opens it.

  name = var.name
}

resource "aws_ecs_task_definition" "observability" {
  # checkov:skip=CKV_AWS_97:It mounts no file system.
  # checkov:skip=CKV_AWS_336:The agent of the tunnel writes beside Grafana, and Prometheus its data; what only reads may only read.

  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.settings.cpu
  memory                   = var.settings.memory_mb
  execution_role_arn       = aws_iam_role.start.arn
  task_role_arn            = aws_iam_role.watch.arn
  container_definitions    = jsonencode(local.containers)

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = "ARM64" # Each image is there for it, and it costs a fifth less.
  }

  volume {
    name = "files"
  }

  depends_on = [aws_s3_object.file]
}

resource "aws_ecs_service" "observability" {
  # checkov:skip=CKV_AWS_333:A public address is asked for where there is no NAT; the security group lets nothing in.

  name                   = "grafana"
  cluster                = aws_ecs_cluster.observability.id
  task_definition        = aws_ecs_task_definition.observability.arn
  launch_type            = "FARGATE"
  desired_count          = 1
  enable_execute_command = true # The tunnel's agent comes with it.

  # The old task ends before the new one starts: two would ask CloudWatch twice.
  deployment_minimum_healthy_percent = 0
  deployment_maximum_percent         = 100

  network_configuration {
    subnets          = var.settings.subnet_ids
    security_groups  = [aws_security_group.observability.id]
    assign_public_ip = var.settings.assign_public_ip
  }

  depends_on = [aws_iam_role_policy.start, aws_iam_role_policy.watch]
}
