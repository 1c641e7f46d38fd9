output "api_instance_url" {
  description = "Where clients send events; ends without a slash."
  value       = module.collector.url
}

output "script_tag" {
  description = "What to paste into a page: the browser SDK of this release, which the page's browser checks by its digest; null without SDK hosting."
  value       = one([for sdk in module.sdk_hosting : "<script async src=\"${sdk.versioned_url}\" integrity=\"${sdk.integrity}\" crossorigin=\"anonymous\" data-api-url=\"${coalesce(sdk.api_url, module.collector.url)}\"${local.write_key_attribute}></script>"])
}

output "browser_sdk_pinned" {
  description = "The browser SDK of this release and no other, `url` and `integrity`, for a tag of your own; null without SDK hosting."
  value       = one([for sdk in module.sdk_hosting : { url = sdk.versioned_url, integrity = sdk.integrity }])
}

output "browser_sdk_extras" {
  description = "The browser SDK's extra scripts of this release, `web-vitals` and `errors`: `url` and `integrity` of each; null without SDK hosting."
  value       = one(module.sdk_hosting[*].extras)
}

output "first_party_url" {
  description = "Where clients send events under the host of the SDK; ends without a slash. Null unless `sdk_hosting.with_api`."
  value       = one(module.sdk_hosting[*].api_url)
}

output "browser_sdk_url" {
  description = "The newest browser SDK, for pages that follow each release without a check of what they load; null without SDK hosting."
  value       = one(module.sdk_hosting[*].url)
}

output "poller_cluster_name" {
  description = "ECS cluster of the poller; null without one."
  value       = one(module.poller[*].cluster_name)
}

output "cluster" {
  description = "The cluster: its EMR Serverless application's id, the state machine that keeps a run on it, and whether it writes in place of the writer; null without one."
  value = one([for cluster in module.cluster : {
    application_id = cluster.application_id
    keeper_arn     = cluster.keeper_arn
    writes         = var.cluster.writes
  }])
}

output "committer" {
  description = "The committer of staged mode: the UUID of the mapping that calls it, and the name of the queue that writers offer on; null without one."
  value = one([for committer in module.committer : {
    event_source_mapping_id = committer.event_source_mapping_id
    queue_name              = committer.queue_name
  }])
}

output "glue_database_name" {
  description = "Glue database of the tables."
  value       = module.lake.database_name
}

output "athena_workgroup" {
  description = "Athena workgroup for queries."
  value       = module.queries.workgroup
}

output "reports_url" {
  description = "Where the reports are, and the redirect URI that their login's client must have; null without them."
  value       = one(module.reports[*].url)
}

output "data_bucket_name" {
  description = "Bucket of the tables, of query results, and of batches that were given up on."
  value       = module.lake.bucket.name
}

output "history_table_name" {
  description = "DynamoDB table of the history; null without one."
  value       = one(module.history[*].table_name)
}

output "history_reader_url" {
  description = "Where the history is read behind a function URL, by IAM; null if it is a route of the API, or there is none."
  value       = one(module.history[*].reader_url)
}

output "counts_database" {
  description = "Where the counts are: address, port, name, and the secret that has the login; null without them."
  value       = one(module.counts[*].database)
}

output "counts_security_group_id" {
  description = "Security group of the function that counts, for an endpoint of Secrets Manager in `counts.network` to let in; null without counts."
  value       = one(module.counts[*].function_security_group_id)
}

output "data_bucket_arn" {
  description = "ARN of that bucket."
  value       = module.lake.bucket.arn
}

output "functions" {
  description = "Name, ARN and role's ARN of each function: `collector`, `writer`, `replay` and, if they are on, `committer`, `maintenance` and `reports`."
  value = merge(
    { collector = module.collector.function, writer = module.writer.function, replay = module.replay.function },
    { for committer in module.committer : "committer" => committer.function },
    { for maintenance in module.maintenance : "maintenance" => maintenance.function },
    { for reports in module.reports : "reports" => reports.function },
  )
}

output "archive_uri" {
  description = "Where the raw archive is, to load or to backfill from; null without one."
  value       = one(module.archive[*].source.uri)
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
  description = "Topic of alarms and the writer's alerts."
  value       = module.alerts.topic_arn
}

output "domain_target" {
  description = "What a DNS record of your own for `collector.domain` points to: `name` and `zone_id` of the API's address; null without a domain."
  value       = module.collector.domain_target
}

output "distribution_id" {
  description = "CloudFront distribution of the browser SDK; null without SDK hosting."
  value       = one(module.sdk_hosting[*].distribution_id)
}

output "demo_url" {
  description = "Where the demo website is; null without it."
  value       = one(module.demo[*].url)
}

output "demo_backfill" {
  description = "Where `headwater demo --outputs` puts visitors, and the function that writes them into the tables; null without the demo."
  value       = one([for demo in module.demo : { source = demo.backfill_from, function = module.replay.function_name }])
}

output "dashboard_name" {
  description = "CloudWatch dashboard of the route; null without one."
  value       = module.monitoring.dashboard_name
}

output "observability_url" {
  description = "Where Grafana is while `observability_tunnel` runs; null without it."
  value       = one(module.observability[*].url)
}

output "observability_tunnel" {
  description = "The command that opens Grafana here: `sh -c \"$(terraform output -raw observability_tunnel)\"`; null without it."
  value       = one(module.observability[*].tunnel)
}

locals {
  # A page's tag carries one key: the first, if there are any; escaped, since a key may hold anything.
  write_key           = replace(replace(try(keys(var.collector.write_keys)[0], ""), "&", "&amp;"), "\"", "&quot;")
  write_key_attribute = local.write_key == "" ? "" : " data-write-key=\"${local.write_key}\""
}
