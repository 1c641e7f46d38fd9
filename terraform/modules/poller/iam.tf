# Two roles: with one ECS starts a task, the other is the task's own.

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

  may_read_secrets = length(var.settings.secrets) == 0 ? [] : [{
    Sid      = "Secrets"
    Effect   = "Allow"
    Action   = ["secretsmanager:GetSecretValue"]
    Resource = values(var.settings.secrets)
  }]

  key = [for arn in var.key_arn[*] : {
    Sid      = "Key"
    Effect   = "Allow"
    Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
    Resource = [arn]
  }]

  # 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:… or …/name:tag
  repository = regex("^(?P<account>[0-9]+)\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.[^/]+/(?P<name>[^:@]+)", var.image.uri)
}

resource "aws_iam_role" "start" {
  name                 = "${var.name}-start${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "start" {
  # checkov:skip=CKV_AWS_355:ecr:GetAuthorizationToken takes no resource.
  # checkov:skip=CKV_AWS_290:ecr:GetAuthorizationToken changes nothing.

  name = "start"
  role = aws_iam_role.start.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Token"
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = ["*"]
        },
        {
          Sid      = "Image"
          Effect   = "Allow"
          Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = ["arn:${var.account.partition}:ecr:${local.repository.region}:${local.repository.account}:repository/${local.repository.name}"]
        },
        {
          Sid      = "Logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = ["${aws_cloudwatch_log_group.poller.arn}:*"]
        },
      ],
      local.may_read_secrets,
    )
  })
}

resource "aws_iam_role" "poll" {
  name                 = "${var.name}${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by_tasks
}

resource "aws_iam_role_policy" "poll" {
  name = "poll"
  role = aws_iam_role.poll.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "Stream"
          Effect   = "Allow"
          Action   = ["kinesis:PutRecords"]
          Resource = [var.stream.arn]
        },
        {
          Sid      = "Configs"
          Effect   = "Allow"
          Action   = ["s3:GetObject"]
          Resource = ["${var.bucket.arn}/${var.bucket.prefix}/*"]
        },
        {
          Sid      = "State"
          Effect   = "Allow"
          Action   = ["s3:PutObject"]
          Resource = ["${var.bucket.arn}/${local.state}/*"]
        },
        # Without it S3 answers 403 instead of 404 if there is no state yet ("GetObject", S3 API
        # reference). A condition on s3:prefix would never hold: GetObject has none.
        {
          Sid      = "NoState"
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = [var.bucket.arn]
        },
      ],
      local.key,
      local.may_read_secrets,
    )
  })
}
