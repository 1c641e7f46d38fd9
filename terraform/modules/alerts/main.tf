resource "aws_sns_topic" "failures" {
  # checkov:skip=CKV_AWS_26:Notices and alarms name resources, counts and stages, quote no event, and go on by plain mail; under the key that AWS keeps for SNS, CloudWatch could not publish.

  name              = var.name
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_subscription" "email" {
  count     = var.email == null ? 0 : 1
  topic_arn = aws_sns_topic.failures.arn
  protocol  = "email"
  endpoint  = var.email
}
