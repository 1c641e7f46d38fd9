output "api_instance_url" {
  description = "Where clients send events."
  value       = module.headwater.api_instance_url
}

output "browser_sdk_url" {
  description = "The newest browser SDK; `script_tag` names the one of this release."
  value       = module.headwater.browser_sdk_url
}

output "script_tag" {
  description = "What to paste into a page."
  value       = module.headwater.script_tag
}

output "glue_database_name" {
  description = "Glue database of the tables."
  value       = module.headwater.glue_database_name
}

output "athena_workgroup" {
  description = "Athena workgroup for queries."
  value       = module.headwater.athena_workgroup
}

output "data_bucket_name" {
  description = "Bucket of the tables."
  value       = module.headwater.data_bucket_name
}

output "kinesis_stream_name" {
  description = "Name of the stream."
  value       = module.headwater.kinesis_stream_name
}

output "kinesis_stream_arn" {
  description = "ARN of the stream."
  value       = module.headwater.kinesis_stream_arn
}

output "event_source_mapping_id" {
  description = "UUID of the mapping from the stream to the writer."
  value       = module.headwater.event_source_mapping_id
}

output "cluster" {
  description = "The cluster, and whether it writes in place of the writer; null without one."
  value       = module.headwater.cluster
}

output "committer" {
  description = "The committer of staged mode; null without one."
  value       = module.headwater.committer
}

output "sample_page" {
  description = "A page that sends events to this deployment: ./serve.sh puts it at http://localhost:8000."
  value = templatefile("${path.module}/sample.html.tftpl", {
    script_tag = module.headwater.script_tag
    api_url    = module.headwater.api_instance_url
    database   = module.headwater.glue_database_name
    workgroup  = module.headwater.athena_workgroup
  })
}

output "demo_url" {
  description = "A small website that sends events to this deployment; null unless `demo` is set."
  value       = module.headwater.demo_url
}

output "demo_backfill" {
  description = "Where `headwater demo --outputs` fills 90 days; null likewise."
  value       = module.headwater.demo_backfill
}
