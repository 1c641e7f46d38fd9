locals {
  # Lambda, S3, Kinesis, SNS and SQS ask KMS on the function's behalf: for its environment and for what it reads, and,
  # if it writes, for a data key ("Securing Lambda environment variables", "Using server-side encryption with AWS KMS
  # keys", "Permissions to use user-generated KMS keys", "Configuring AWS KMS permissions" and "Key management" of
  # their guides).
  encrypting = ["kinesis:PutRecords", "s3:PutObject", "sns:Publish", "sqs:SendMessage"]
  encrypts   = length(setintersection(flatten([for statement in values(var.policy.statements) : statement.actions]), local.encrypting)) > 0
  key = {
    for arn in var.key_arn[*] : "Key" => {
      actions   = concat(["kms:Decrypt"], local.encrypts ? ["kms:GenerateDataKey"] : [])
      resources = [arn]
    }
  }

  logs = {
    Logs = {
      actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      resources = ["${aws_cloudwatch_log_group.function.arn}:*"]
    }
  }

  # X-Ray knows no resources to name ("Actions, resources, and condition keys for AWS X-Ray", Service Authorization
  # Reference).
  traces = {
    for id in var.tracing ? ["Traces"] : [] : id => {
      actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
      resources = ["*"]
    }
  }
}

resource "aws_iam_role" "function" {
  name                 = "${var.name}${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

# Lambda itself makes the network interfaces, with the role's rights: AWS's own policy for that ("Giving Lambda
# functions access to resources in an Amazon VPC", AWS Lambda developer guide). The partition is read off the role:
# a data source would be read at the apply if the module waits for another, and the policy attached anew.
resource "aws_iam_role_policy_attachment" "network" {
  count      = var.network == null ? 0 : 1
  role       = aws_iam_role.function.name
  policy_arn = "arn:${split(":", aws_iam_role.function.arn)[1]}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_iam_role_policy" "function" {
  name = var.policy.name
  role = aws_iam_role.function.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for id, statement in merge(var.policy.statements, local.key, local.logs, local.traces) : {
        Sid      = id
        Effect   = "Allow"
        Action   = statement.actions
        Resource = statement.resources
      }
    ]
  })
}
