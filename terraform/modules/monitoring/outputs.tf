output "topic_arn" {
  description = "Topic that alarms go to; null without alarms."
  value       = one(aws_sns_topic.alerts[*].arn)
}
