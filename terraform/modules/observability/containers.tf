locals {
  # The one image that the compose file has no use for: it brings the files.
  copier = "public.ecr.aws/aws-cli/aws-cli:2.27.50"

  # The data source of Athena does not come with Grafana.
  athena_plugin = "grafana-athena-datasource@3.3.0"

  port = 3000

  common = {
    essential = true
    dependsOn = [{ containerName = "files", condition = "SUCCESS" }]
  }

  containers = [for container in [
    {
      name                   = "files"
      image                  = local.copier
      essential              = false
      command                = ["s3", "cp", "--recursive", "--only-show-errors", "s3://${var.bucket.name}/${local.prefix}/", "/files/"]
      mountPoints            = [{ sourceVolume = "files", containerPath = "/files", readOnly = false }]
      readonlyRootFilesystem = true
    },
    merge(local.common, {
      name        = "prometheus"
      image       = local.compose.prometheus.image
      command     = local.compose.prometheus.command
      mountPoints = [{ sourceVolume = "files", containerPath = "/etc/prometheus", readOnly = true }]
    }),
    merge(local.common, {
      name                   = "yace"
      image                  = local.compose.yace.image
      command                = local.compose.yace.command
      environment            = [{ name = "AWS_REGION", value = var.account.region }]
      mountPoints            = [{ sourceVolume = "files", containerPath = "/etc/yace", readOnly = true }]
      readonlyRootFilesystem = true
    }),
    merge(local.common, {
      name            = "grafana"
      image           = local.compose.grafana.image
      linuxParameters = { initProcessEnabled = true }
      environment = [for name, value in merge(
        { for name, value in local.compose.grafana.environment : name => value if startswith(name, "GF_") && name != "GF_SECURITY_ADMIN_PASSWORD" },
        { GF_PLUGINS_PREINSTALL = local.athena_plugin, AWS_REGION = var.account.region },
      ) : { name = name, value = value }]
      secrets = concat(
        [{ name = "GF_SECURITY_ADMIN_PASSWORD", valueFrom = var.settings.password_secret_arn }],
        [for field in ["username", "password"] : {
          name      = "POSTGRES_${upper(field)}"
          valueFrom = "${var.settings.counts_secret_arn}:${field}::"
        } if var.counts != null],
      )
      mountPoints = [for path in ["/etc/grafana/provisioning", "/var/lib/grafana/dashboards"] : {
        sourceVolume = "files", containerPath = path, readOnly = true
      }]
    }),
    ] : merge(container, {
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          awslogs-group         = aws_cloudwatch_log_group.observability.name
          awslogs-region        = var.account.region
          awslogs-stream-prefix = "task"
        }
      }
  })]
}
