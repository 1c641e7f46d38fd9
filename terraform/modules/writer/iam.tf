resource "aws_iam_role" "writer" {
  name = var.name

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "writer" {
  name = "write"
  role = aws_iam_role.writer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
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
        Sid    = "Tables"
        Effect = "Allow"
        Action = [
          "glue:CreateTable",
          "glue:GetDatabase",
          "glue:GetTable",
          "glue:UpdateTable",
        ]
        Resource = var.glue_arns
      },
      {
        # Deleting: metadata files of commits that lost a race, and the table property
        # write.metadata.delete-after-commit.enabled.
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
        # Lambda writes discarded batches with the function's role.
        Sid      = "FailedBatches"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = "${var.bucket_arn}/${var.failed_batches_prefix}/*"
      },
      {
        # Without it S3 answers 403 where a file is missing, and Iceberg takes that for an error.
        Sid      = "Listing"
        Effect   = "Allow"
        Action   = "s3:ListBucket"
        Resource = var.bucket_arn
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.writer.arn}:*"
      },
    ]
  })
}
