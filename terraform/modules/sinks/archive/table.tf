# Athena finds each hour's folder by its name: nothing is registered.

locals {
  # headwater_contract/archive_line.py. An object is text: what is in it differs from message to message.
  columns = [
    ["archive_version", "int"],
    ["event_id", "string"],
    ["message_type", "string"],
    ["app_id", "string"],
    ["received_at", "string"],
    ["sent_at", "string"],
    ["ip", "string"],
    ["user_agent", "string"],
    ["country", "string"],
    ["city", "string"],
    ["is_import", "boolean"],
    ["gpc", "boolean"],
    ["headers", "string"],
    ["context", "string"],
    ["integrations", "string"],
    ["shard", "string"],
    ["sequence", "string"],
    ["index", "int"],
    ["message", "string"],
  ]

  location = "s3://${module.bucket.name}/${local.prefixes.archive}"
}

resource "aws_glue_catalog_table" "archive" {
  name          = "archive"
  database_name = var.database_name
  description   = "The raw archive: a line of JSON for each accepted event, by the hour of its arrival."
  table_type    = "EXTERNAL_TABLE"

  parameters = {
    classification                      = "json"
    EXTERNAL                            = "TRUE"
    "projection.enabled"                = "true"
    "projection.datehour.type"          = "date"
    "projection.datehour.format"        = "yyyy/MM/dd/HH"
    "projection.datehour.range"         = "${var.settings.first_hour},NOW"
    "projection.datehour.interval"      = "1"
    "projection.datehour.interval.unit" = "HOURS"
    "storage.location.template"         = "${local.location}$${datehour}"
  }

  partition_keys {
    name = "datehour"
    type = "string"
  }

  storage_descriptor {
    location      = local.location
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    ser_de_info {
      serialization_library = "org.openx.data.jsonserde.JsonSerDe"

      # By default keys that differ in case alone, as a client's `userId` and `userid`, are one key twice: an error.
      parameters = { "case.insensitive" = "false" }
    }

    dynamic "columns" {
      for_each = local.columns

      content {
        name = columns.value[0]
        type = columns.value[1]
      }
    }
  }
}
