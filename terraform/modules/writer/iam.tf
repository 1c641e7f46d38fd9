locals {
  assumed_by_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })

  may_change_tables = [
    {
      Sid    = "Tables"
      Effect = "Allow"
      Action = [
        "glue:GetDatabase",
        "glue:GetTable",
        "glue:UpdateTable",
      ]
      Resource = var.glue_arns
    },
    {
      # Deleting: metadata files that newer ones replace, files of commits that lost a race, and
      # what maintenance finds to be of no snapshot.
      Sid    = "LakeFiles"
      Effect = "Allow"
      Action = [
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:PutObject",
      ]
      Resource = "${var.bucket_arn}/${var.lake_prefix}/*"
    },
    {
      # Without it S3 answers 403 where a file is missing, and Iceberg takes that for an error.
      Sid      = "Listing"
      Effect   = "Allow"
      Action   = "s3:ListBucket"
      Resource = var.bucket_arn
    },
  ]

  # Maintenance leaves alone what no writer has made yet.
  may_make_tables = [
    {
      Sid      = "NewTables"
      Effect   = "Allow"
      Action   = "glue:CreateTable"
      Resource = var.glue_arns
    },
  ]

  may_report_failures = [
    {
      Sid      = "FailedRecords"
      Effect   = "Allow"
      Action   = "s3:PutObject"
      Resource = [for prefix in var.failed_records_prefixes : "${var.bucket_arn}/${prefix}/*"]
    },
    {
      Sid      = "Notices"
      Effect   = "Allow"
      Action   = "sns:Publish"
      Resource = aws_sns_topic.failures.arn
    },
  ]
}

resource "aws_iam_role" "writer" {
  name               = "${var.name}-writer"
  assume_role_policy = local.assumed_by_lambda
}

resource "aws_iam_role_policy" "writer" {
  name = "write"
  role = aws_iam_role.writer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(local.may_change_tables, local.may_make_tables, local.may_report_failures, local.may_read_tracking_plan, [
      {
        Sid    = "Stream"
        Effect = "Allow"
        Action = [
          "kinesis:DescribeStream",
          "kinesis:DescribeStreamSummary",
          "kinesis:GetRecords",
          "kinesis:GetShardIterator",
          "kinesis:ListShards",
        ]
        Resource = var.stream_arn
      },
      {
        # Lambda writes discarded batches with the function's role.
        Sid      = "FailedBatches"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.bucket_arn}/${var.failed_batches_prefix}/*"
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.writer.arn}:*"
      },
    ])
  })
}
