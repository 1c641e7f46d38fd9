output "api_instance_url" {
  description = "Where clients send events; ends without a slash."
  value       = module.collector.url
}

output "script_tag" {
  description = "What to paste into a page: the browser SDK of this release, which the page's browser checks by its digest; null without SDK hosting."
  value       = one([for sdk in module.sdk_hosting : "<script async src=\"${sdk.versioned_url}\" integrity=\"${sdk.integrity}\" crossorigin=\"anonymous\" data-api-url=\"${module.collector.url}\"${local.write_key_attribute}></script>"])
}

output "browser_sdk_pinned" {
  description = "The browser SDK of this release and no other, `url` and `integrity`, for a tag of your own; null without SDK hosting."
  value       = one([for sdk in module.sdk_hosting : { url = sdk.versioned_url, integrity = sdk.integrity }])
}

output "browser_sdk_url" {
  description = "The newest browser SDK, for pages that follow each release without a check of what they load; null without SDK hosting."
  value       = one(module.sdk_hosting[*].url)
}

output "poller_cluster_name" {
  description = "ECS cluster of the poller; null without one."
  value       = one(module.poller[*].cluster_name)
}

output "glue_database_name" {
  description = "Glue database of the tables."
  value       = module.lake.database_name
}

output "athena_workgroup" {
  description = "Athena workgroup for queries."
  value       = module.queries.workgroup
}

output "data_bucket_name" {
  description = "Bucket of the tables, of query results, and of batches that were given up on."
  value       = module.lake.bucket.name
}

output "kinesis_stream_name" {
  description = "Name of the stream."
  value       = module.stream.name
}

output "kinesis_stream_arn" {
  description = "ARN of the stream."
  value       = module.stream.arn
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the writer: what to disable to make the writer pause."
  value       = module.writer.event_source_mapping_id
}

output "failures_topic_arn" {
  description = "Topic that alarms and the writer's notices go to."
  value       = module.alerts.topic_arn
}

output "dashboard_name" {
  description = "CloudWatch dashboard of the route; null without one."
  value       = module.monitoring.dashboard_name
}

locals {
  # A page's tag carries one key: the first, if there are any; escaped, since a key may hold anything.
  write_key           = replace(replace(try(keys(var.collector.write_keys)[0], ""), "&", "&amp;"), "\"", "&quot;")
  write_key_attribute = local.write_key == "" ? "" : " data-write-key=\"${local.write_key}\""
}
