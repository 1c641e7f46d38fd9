# What an earlier version had elsewhere: an upgrade moves it and replaces nothing.

# The functions share a module.

moved {
  from = module.collector.aws_cloudwatch_log_group.function
  to   = module.collector.module.function.aws_cloudwatch_log_group.function
}

moved {
  from = module.collector.aws_lambda_function.collector
  to   = module.collector.module.function.aws_lambda_function.function
}

moved {
  from = module.collector.aws_iam_role.collector
  to   = module.collector.module.function.aws_iam_role.function
}

moved {
  from = module.collector.aws_iam_role_policy.collector
  to   = module.collector.module.function.aws_iam_role_policy.function
}

moved {
  from = module.writer.aws_cloudwatch_log_group.writer
  to   = module.writer.module.function.aws_cloudwatch_log_group.function
}

moved {
  from = module.writer.aws_lambda_function.writer
  to   = module.writer.module.function.aws_lambda_function.function
}

moved {
  from = module.writer.aws_iam_role.writer
  to   = module.writer.module.function.aws_iam_role.function
}

moved {
  from = module.writer.aws_iam_role_policy.writer
  to   = module.writer.module.function.aws_iam_role_policy.function
}

moved {
  from = module.writer.aws_lambda_alias.live
  to   = module.writer.module.function.aws_lambda_alias.live
}

# Maintenance and replay are modules beside the writer.

moved {
  from = module.writer.aws_cloudwatch_log_group.maintenance[0]
  to   = module.maintenance[0].module.function.aws_cloudwatch_log_group.function
}

moved {
  from = module.writer.aws_lambda_function.maintenance[0]
  to   = module.maintenance[0].module.function.aws_lambda_function.function
}

moved {
  from = module.writer.aws_iam_role.maintenance[0]
  to   = module.maintenance[0].module.function.aws_iam_role.function
}

moved {
  from = module.writer.aws_iam_role_policy.maintenance[0]
  to   = module.maintenance[0].module.function.aws_iam_role_policy.function
}

moved {
  from = module.writer.aws_lambda_function_event_invoke_config.maintenance[0]
  to   = module.maintenance[0].module.function.aws_lambda_function_event_invoke_config.function[0]
}

moved {
  from = module.writer.aws_cloudwatch_event_rule.maintenance[0]
  to   = module.maintenance[0].module.function.aws_cloudwatch_event_rule.schedule[0]
}

moved {
  from = module.writer.aws_cloudwatch_event_target.maintenance[0]
  to   = module.maintenance[0].module.function.aws_cloudwatch_event_target.schedule[0]
}

moved {
  from = module.writer.aws_lambda_permission.schedule[0]
  to   = module.maintenance[0].module.function.aws_lambda_permission.schedule[0]
}

moved {
  from = module.writer.aws_cloudwatch_log_group.replay
  to   = module.replay.module.function.aws_cloudwatch_log_group.function
}

moved {
  from = module.writer.aws_lambda_function.replay
  to   = module.replay.module.function.aws_lambda_function.function
}

moved {
  from = module.writer.aws_iam_role.replay
  to   = module.replay.module.function.aws_iam_role.function
}

moved {
  from = module.writer.aws_iam_role_policy.replay
  to   = module.replay.module.function.aws_iam_role_policy.function
}

moved {
  from = module.writer.aws_lambda_function_event_invoke_config.replay
  to   = module.replay.module.function.aws_lambda_function_event_invoke_config.function[0]
}

moved {
  from = module.writer.aws_cloudwatch_event_rule.replay
  to   = module.replay.module.function.aws_cloudwatch_event_rule.schedule[0]
}

moved {
  from = module.writer.aws_cloudwatch_event_target.replay
  to   = module.replay.module.function.aws_cloudwatch_event_target.schedule[0]
}

moved {
  from = module.writer.aws_lambda_permission.replay_schedule
  to   = module.replay.module.function.aws_lambda_permission.schedule[0]
}

moved {
  from = module.writer.aws_s3_bucket_notification.failed_batches
  to   = module.replay.aws_s3_bucket_notification.failed_batches
}

moved {
  from = module.writer.aws_lambda_permission.failed_batches
  to   = module.replay.aws_lambda_permission.failed_batches
}

# So is the topic.

moved {
  from = module.writer.aws_sns_topic.failures
  to   = module.alerts.aws_sns_topic.failures
}

moved {
  from = module.writer.aws_sns_topic_subscription.email
  to   = module.alerts.aws_sns_topic_subscription.email
}

# The buckets share a module.

moved {
  from = module.lake.aws_s3_bucket.data
  to   = module.lake.module.bucket.aws_s3_bucket.bucket
}

moved {
  from = module.lake.aws_s3_bucket_ownership_controls.data
  to   = module.lake.module.bucket.aws_s3_bucket_ownership_controls.bucket
}

moved {
  from = module.lake.aws_s3_bucket_public_access_block.data
  to   = module.lake.module.bucket.aws_s3_bucket_public_access_block.bucket
}

moved {
  from = module.lake.aws_s3_bucket_server_side_encryption_configuration.data
  to   = module.lake.module.bucket.aws_s3_bucket_server_side_encryption_configuration.bucket
}

moved {
  from = module.lake.aws_s3_bucket_versioning.data
  to   = module.lake.module.bucket.aws_s3_bucket_versioning.bucket
}

moved {
  from = module.lake.aws_s3_bucket_policy.data
  to   = module.lake.module.bucket.aws_s3_bucket_policy.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket_ownership_controls.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket_ownership_controls.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket_public_access_block.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket_public_access_block.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket_server_side_encryption_configuration.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket_server_side_encryption_configuration.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket_versioning.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket_versioning.bucket
}

moved {
  from = module.sdk_hosting[0].aws_s3_bucket_policy.sdk
  to   = module.sdk_hosting[0].module.bucket.aws_s3_bucket_policy.bucket
}

# Glue's optimizers are a module beside the lake.

moved {
  from = module.lake.aws_iam_role.optimizers[0]
  to   = module.optimizers[0].aws_iam_role.optimizers
}

moved {
  from = module.lake.aws_iam_role_policy.optimizers[0]
  to   = module.optimizers[0].aws_iam_role_policy.optimizers
}

moved {
  from = module.lake.aws_glue_catalog_table_optimizer.lake
  to   = module.optimizers[0].aws_glue_catalog_table_optimizer.tables
}

moved {
  from = module.sdk_hosting[0].aws_s3_object.stable
  to   = module.sdk_hosting[0].aws_s3_object.stable["sdk"]
}
