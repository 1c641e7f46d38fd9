# Three roles: the job's own, the keeper's, and the schedule's, which starts the keeper.

locals {
  may_read_stream = {
    Stream = {
      actions   = ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
      resources = [var.stream.arn]
    }
  }

  # EMR fetches the code and writes the log with the job's role ("Job runtime roles" and "Logging for EMR
  # Serverless with Amazon CloudWatch", EMR Serverless user guide).
  may_run = {
    Code = {
      actions   = ["s3:GetObject"]
      resources = ["${var.lake.bucket.arn}/${var.lake.prefixes.cluster}/*"]
    }
    Logs = {
      actions   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.cluster.arn}:*"]
    }
    LogGroups = {
      actions   = ["logs:DescribeLogGroups"]
      resources = ["arn:${var.account.partition}:logs:${var.account.region}:${var.account.id}:log-group:*"]
    }
  }

  key = {
    for arn in var.key_arn[*] : "Key" => {
      actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
      resources = [arn]
    }
  }

  policies = {
    job = merge(var.writer.may_write_rows, var.may_read_sources, local.may_read_stream, local.may_run, local.key)

    keeper = {
      Runs = {
        actions   = ["emr-serverless:ListJobRuns", "emr-serverless:StartJobRun"]
        resources = [local.application_arn]
      }
      Run = {
        actions   = ["emr-serverless:CancelJobRun"]
        resources = ["${local.application_arn}/jobruns/*"]
      }
      Role = {
        actions   = ["iam:PassRole"]
        resources = [aws_iam_role.job.arn]
      }
    }

    schedule = {
      Keeper = {
        actions   = ["states:StartExecution"]
        resources = [aws_sfn_state_machine.keeper.arn]
      }
    }
  }

  documents = {
    for role, statements in local.policies : role => jsonencode({
      Version = "2012-10-17"
      Statement = [
        for id, statement in statements : {
          Sid      = id
          Effect   = "Allow"
          Action   = statement.actions
          Resource = statement.resources
        }
      ]
    })
  }

  assumed_by = {
    for role, service in { job = "emr-serverless", keeper = "states", schedule = "events" } : role => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Principal = { Service = "${service}.amazonaws.com" }
        Action    = "sts:AssumeRole"
        Condition = { StringEquals = { "aws:SourceAccount" = var.account.id } }
      }]
    })
  }
}

resource "aws_iam_role" "job" {
  name                 = "${var.name}${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by.job
}

resource "aws_iam_role_policy" "job" {
  name   = "write-as-cluster"
  role   = aws_iam_role.job.id
  policy = local.documents.job
}

resource "aws_iam_role" "keeper" {
  name                 = "${var.name}-keeper${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by.keeper
}

resource "aws_iam_role_policy" "keeper" {
  name   = "keep"
  role   = aws_iam_role.keeper.id
  policy = local.documents.keeper
}

resource "aws_iam_role" "schedule" {
  name                 = "${var.name}-schedule${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary
  assume_role_policy   = local.assumed_by.schedule
}

resource "aws_iam_role_policy" "schedule" {
  name   = "start"
  role   = aws_iam_role.schedule.id
  policy = local.documents.schedule
}
