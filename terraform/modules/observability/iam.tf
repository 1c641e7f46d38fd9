# Two roles: with one ECS starts the task, the other is the task's own.

locals {
  assumed_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account.id } }
    }]
  })

  secrets = compact([var.settings.password_secret_arn, var.counts == null ? null : var.settings.counts_secret_arn])

  log_groups = "arn:${var.account.partition}:logs:${var.account.region}:${var.account.id}:log-group"

  may_start = merge(
    {
      Logs    = { actions = ["logs:CreateLogStream", "logs:PutLogEvents"], resources = ["${aws_cloudwatch_log_group.observability.arn}:*"] }
      Secrets = { actions = ["secretsmanager:GetSecretValue"], resources = local.secrets }
    },
    { for arn in var.key_arn[*] : "Key" => { actions = ["kms:Decrypt"], resources = [arn] } },
  )

  may_watch = merge(
    {
      # None of these takes a resource ("Actions, resources, and condition keys", Service Authorization
      # Reference). YACE asks for the first three, Grafana for its panels on CloudWatch for all.
      Metrics = {
        actions   = ["cloudwatch:GetMetricData", "cloudwatch:ListMetrics", "tag:GetResources", "logs:GetQueryResults", "logs:StopQuery"]
        resources = ["*"]
      }

      LogGroups = {
        actions   = ["logs:DescribeLogGroups"]
        resources = ["${local.log_groups}:*"]
      }

      Logs = {
        actions   = ["logs:StartQuery"]
        resources = ["${local.log_groups}:/aws/lambda/${var.name_of_the_stack}-*", "${local.log_groups}:/aws/ecs/${var.name_of_the_stack}-*"]
      }

      # Takes no resource either.
      Tunnel = {
        actions   = ["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"]
        resources = ["*"]
      }

      # Athena reads the tables, and writes the results, as whoever asks ("Control access to Amazon S3
      # from Athena", Amazon Athena user guide).
      Questions = {
        actions   = ["athena:GetQueryExecution", "athena:GetQueryResults", "athena:StartQueryExecution", "athena:StopQueryExecution"]
        resources = [var.queries.workgroup_arn]
      }

      Tables = {
        actions   = ["glue:GetDatabase", "glue:GetTable"]
        resources = var.lake.glue_arns
      }

      Objects = {
        actions   = ["s3:GetObject"]
        resources = ["${var.bucket.arn}/${var.lake.prefixes.tables}/*", "${var.bucket.arn}/${var.bucket.prefix}/*"]
      }

      Results = {
        actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"]
        resources = ["${var.bucket.arn}/${var.lake.prefixes.query_results}/*"]
      }

      Bucket = {
        actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
        resources = [var.bucket.arn]
      }
    },
    { for arn in var.key_arn[*] : "Key" => { actions = ["kms:Decrypt", "kms:GenerateDataKey"], resources = [arn] } },
  )
}

resource "aws_iam_role" "start" {
  name                 = "${var.name}-start${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "start" {
  name = "start"
  role = aws_iam_role.start.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for sid, each in local.may_start : { Sid = sid, Effect = "Allow", Action = each.actions, Resource = each.resources }]
  })
}

resource "aws_iam_role" "watch" {
  name                 = "${var.name}${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "watch" {
  # checkov:skip=CKV_AWS_355:What is allowed on everything takes no resource.
  # checkov:skip=CKV_AWS_290:What is allowed on everything reads, or opens the tunnel's channels.

  name = "watch"
  role = aws_iam_role.watch.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for sid, each in local.may_watch : { Sid = sid, Effect = "Allow", Action = each.actions, Resource = each.resources }]
  })
}
