variable "name" {
  description = "Name of the stack: every resource's name begins with it. One account can hold many stacks of different names."
  type        = string
  nullable    = false

  # The strictest service is S3: 63 characters of a bucket's name, of which 33 follow this one
  # ("-data-", the account, the longest region), no "--" (kept for access points and the like), and
  # no beginning that S3 keeps for itself.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) >= 2 && length(var.name) <= 30
    error_message = "name must be 2 to 30 lower-case letters and digits, with single hyphens between them, and begin with a letter: bucket names allow no more."
  }

  validation {
    condition     = !startswith(var.name, "sthree-") && !startswith(var.name, "amzn-s3-demo-")
    error_message = "name must not begin with \"sthree-\" or \"amzn-s3-demo-\": S3 keeps such bucket names for itself."
  }
}

variable "names" {
  description = <<-EOT
    Names in place of those that begin with `name`, where an organization has rules for them. To set or change one that holds events later would destroy these, and is refused like another `name`.

    - `data_bucket`, `archive_bucket`: of the tables, and of the raw archive.
    - `database`: of Glue.
    - `stream`: of Kinesis.
    - `topic`: of SNS.
    - `workgroup`: of Athena.
  EOT
  type = object({
    data_bucket    = optional(string)
    archive_bucket = optional(string)
    database       = optional(string)
    stream         = optional(string)
    topic          = optional(string)
    workgroup      = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in [var.names.data_bucket, var.names.archive_bucket] : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", coalesce(name, "none")))])
    error_message = "names.data_bucket and names.archive_bucket must be 3 to 63 lower-case letters, digits and hyphens: S3 takes dots too, which its TLS certificates do not cover."
  }

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,251}$", coalesce(var.names.database, "none")))
    error_message = "names.database must be lower-case letters, digits and underscores: anything else needs quotes in every query."
  }

  validation {
    condition     = alltrue([for name in [var.names.stream, var.names.topic, var.names.workgroup] : can(regex("^[A-Za-z0-9_-]{1,128}$", coalesce(name, "none")))])
    error_message = "names.stream, names.topic and names.workgroup must be up to 128 letters, digits, hyphens and underscores."
  }
}

variable "architecture" {
  description = "Processor of the functions: `arm64`, a fifth cheaper, or `x86_64`, for images built on such a machine."
  type        = string
  default     = "arm64"
  nullable    = false

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be \"arm64\" or \"x86_64\"."
  }
}

variable "collector" {
  description = <<-EOT
    How events come in.

    - `entry`: `api`, an HTTP API with throttling, access logs and, if wanted, a domain; or `function_url`, the function's own address, free of charge per request but without those: its only ceiling is `reserved_concurrency`.
    - `memory_mb`: memory of the function, 128 to 10240.
    - `reserved_concurrency`: most requests answered at a time, so that a flood of them leaves the account's other functions their share; -1 for what the account has. An account must keep 100 for functions that reserve none, and a new one has as few as 10 in all.
    - `throttle`: requests that the API lets through a second, and at once.
    - `domain`: a domain of your own for the API, the ARN of its certificate in this region, and the hosted zone that gets its record; without a zone, make the record yourself.
    - `allowed_origins`: origins whose pages may send events, like `https://example.com`; `*` is any.
    - `write_keys`: app of each write key; if empty, any key is accepted, and is the app.
    - `import_keys`: app of each write key whose events are history: they keep their times, however old. Keep such a key out of pages.
    - `path_prefix`: what every path begins with, like `/first-party`, where a CDN of yours forwards a path of your own site.
    - `capture_headers`: names of the request headers that are kept with each event type, or with `*`.
    - `trust_cloudfront`: take a visitor's address, country and city from CloudFront's headers. Only where every request comes through a distribution of yours: whoever reaches the collector past it can write what they like into them.
    - `gpc_policy`: what becomes of requests that browsers send under Global Privacy Control: `keep` everything, `strip` the address and every id that lasts longer than a page, or `drop` them. Where the browser SDK is told to `ignoreGpc`, `keep` belongs here.
  EOT
  type = object({
    entry                = optional(string, "api")
    memory_mb            = optional(number, 512)
    reserved_concurrency = optional(number, 50)
    throttle = optional(object({
      requests_per_second = optional(number, 1000)
      burst               = optional(number, 2000)
    }), {})
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
    allowed_origins  = optional(list(string), ["*"])
    write_keys       = optional(map(string), {})
    import_keys      = optional(map(string), {})
    path_prefix      = optional(string, "")
    capture_headers  = optional(map(list(string)), {})
    trust_cloudfront = optional(bool, false)
    gpc_policy       = optional(string, "strip")
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["api", "function_url"], var.collector.entry)
    error_message = "collector.entry must be \"api\" or \"function_url\"."
  }

  validation {
    condition     = contains(["keep", "strip", "drop"], var.collector.gpc_policy)
    error_message = "collector.gpc_policy must be \"keep\", \"strip\" or \"drop\"."
  }

  validation {
    condition     = var.collector.memory_mb >= 128 && var.collector.memory_mb <= 10240 && floor(var.collector.memory_mb) == var.collector.memory_mb
    error_message = "collector.memory_mb must be a whole number from 128 to 10240, the range of Lambda."
  }

  validation {
    condition     = var.collector.reserved_concurrency == -1 || (var.collector.reserved_concurrency >= 1 && floor(var.collector.reserved_concurrency) == var.collector.reserved_concurrency)
    error_message = "collector.reserved_concurrency must be a whole number, at least 1 (with 0 no request is ever answered), or -1 for what the account has."
  }

  validation {
    condition     = var.collector.entry == "api" || var.collector.reserved_concurrency != -1
    error_message = "collector.entry = \"function_url\" needs a collector.reserved_concurrency: a function URL has no throttle, so anyone could take every function of the account."
  }

  validation {
    condition     = var.collector.throttle.requests_per_second >= 1 && var.collector.throttle.burst >= 1
    error_message = "collector.throttle must let through at least one request a second, and one at once."
  }

  validation {
    condition     = var.collector.domain == null || var.collector.entry == "api"
    error_message = "collector.domain needs collector.entry = \"api\": a function URL has no domain of your own."
  }

  validation {
    condition     = alltrue([for origin in var.collector.allowed_origins : origin == "*" || can(regex("^https?://[a-z0-9.-]+(:[0-9]+)?$", origin))]) && length(var.collector.allowed_origins) > 0
    error_message = "collector.allowed_origins must be origins as browsers send them, like https://example.com, without a slash at the end, or \"*\"."
  }

  validation {
    condition     = alltrue([for key, app in merge(var.collector.write_keys, var.collector.import_keys) : key != "" && app != ""])
    error_message = "collector.write_keys and collector.import_keys must give each key an app's name, like { \"a-key\" = \"website\" }."
  }

  validation {
    condition     = can(regex("^(/[A-Za-z0-9._~-]+)*$", var.collector.path_prefix))
    error_message = "collector.path_prefix must be empty, or begin with a slash and end without one, like \"/first-party\"."
  }

  # Lambda keeps 4 KB of names and values, of which the others take less than 300 bytes. Base64 has
  # four characters for three bytes.
  validation {
    condition     = length(base64encode(join("", [jsonencode(var.collector.write_keys), jsonencode(var.collector.import_keys), jsonencode(var.collector.capture_headers), join(",", var.collector.allowed_origins), var.collector.path_prefix]))) <= 3800 * 4 / 3
    error_message = "collector.write_keys, collector.import_keys, collector.capture_headers, collector.allowed_origins and collector.path_prefix must not take more than 3800 bytes together: they are in the function's environment, and Lambda keeps 4 KB of that."
  }
}

variable "stream" {
  description = <<-EOT
    How events wait for the writer.

    - `mode`: `provisioned`, with `shards`, or `on_demand`, which grows by itself and costs more while idle.
    - `shards`: each takes 1 MB/s or 1,000 records/s.
    - `retention_hours`: hours that a record is kept, 24 to 8760: the longest outage of the writer that loses nothing.
  EOT
  type = object({
    mode            = optional(string, "provisioned")
    shards          = optional(number, 1)
    retention_hours = optional(number, 24)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["provisioned", "on_demand"], var.stream.mode)
    error_message = "stream.mode must be \"provisioned\" or \"on_demand\"."
  }

  # One writer runs for each shard, and a new account may run 1,000 functions at a time.
  validation {
    condition     = var.stream.shards >= 1 && var.stream.shards <= 1000 && floor(var.stream.shards) == var.stream.shards
    error_message = "stream.shards must be a whole number from 1 to 1000."
  }

  validation {
    condition     = var.stream.retention_hours >= 24 && var.stream.retention_hours <= 8760 && floor(var.stream.retention_hours) == var.stream.retention_hours
    error_message = "stream.retention_hours must be a whole number from 24 to 8760, the range of Kinesis."
  }
}

variable "writer" {
  description = <<-EOT
    How events become rows.

    - `memory_mb`: memory of the function, 2048 to 10240; processors come with it.
    - `timeout_seconds`: longest that a batch may take, 60 to 900.
    - `ephemeral_storage_mb`: size of its /tmp, 512 to 10240.
    - `snap_start`: start from a snapshot of a published version, in seconds less and for a fee.
    - `enhanced_fan_out`: read the stream through a consumer with a throughput of its own, for a fee by the shard and the GB: where sinks and others take so much that the writer falls behind (docs/sinks.md).
    - `batch_size`: most stream records of a batch, 1 to 10000.
    - `window_seconds`: longest that a record waits for its batch to fill, 0 to 300: fresher rows, or fewer commits.
    - `max_retries`: how often a failing batch is tried again before it is split or put aside in the bucket, 0 to 10000.
    - `reserve_concurrency`: keep room in the account for these functions, and let no more of them run at a time than they need; `false` if the account would be left with fewer than 100 that are not reserved (docs/operations.md).
    - `max_event_age_days`: age beyond which a client's time is not believed, 1 to 3650.
    - `ip_policy`: what is kept of addresses: `truncated` (the first 24 bits of IPv4, 48 of IPv6), `full` or `none`.
    - `tracking_plan`: path of a YAML file that gives properties of events typed columns (docs/tracking-plan.md); null for none.
  EOT
  type = object({
    memory_mb            = optional(number, 3008)
    timeout_seconds      = optional(number, 300)
    ephemeral_storage_mb = optional(number, 512)
    snap_start           = optional(bool, false)
    enhanced_fan_out     = optional(bool, false)
    batch_size           = optional(number, 10000)
    window_seconds       = optional(number, 60)
    max_retries          = optional(number, 10)
    reserve_concurrency  = optional(bool, true)
    max_event_age_days   = optional(number, 30)
    ip_policy            = optional(string, "truncated")
    tracking_plan        = optional(string)
  })
  default  = {}
  nullable = false

  # Less than 2 GB does not hold Java beside a full batch.
  validation {
    condition     = var.writer.memory_mb >= 2048 && var.writer.memory_mb <= 10240 && floor(var.writer.memory_mb) == var.writer.memory_mb
    error_message = "writer.memory_mb must be a whole number from 2048, below which Spark does not fit, to 10240, the most that Lambda has."
  }

  validation {
    condition     = var.writer.timeout_seconds >= 60 && var.writer.timeout_seconds <= 900 && floor(var.writer.timeout_seconds) == var.writer.timeout_seconds
    error_message = "writer.timeout_seconds must be a whole number from 60, which a first start needs, to 900, the most that Lambda allows."
  }

  validation {
    condition     = var.writer.ephemeral_storage_mb >= 512 && var.writer.ephemeral_storage_mb <= 10240 && floor(var.writer.ephemeral_storage_mb) == var.writer.ephemeral_storage_mb
    error_message = "writer.ephemeral_storage_mb must be a whole number from 512 to 10240, the range of Lambda."
  }

  validation {
    condition     = !var.writer.snap_start || var.writer.ephemeral_storage_mb == 512
    error_message = "writer.snap_start works with writer.ephemeral_storage_mb = 512 only."
  }

  validation {
    condition     = var.writer.batch_size >= 1 && var.writer.batch_size <= 10000 && floor(var.writer.batch_size) == var.writer.batch_size
    error_message = "writer.batch_size must be a whole number from 1 to 10000, the range of Lambda for Kinesis."
  }

  validation {
    condition     = var.writer.window_seconds >= 0 && var.writer.window_seconds <= 300 && floor(var.writer.window_seconds) == var.writer.window_seconds
    error_message = "writer.window_seconds must be a whole number from 0 to 300, the longest that Lambda waits."
  }

  validation {
    condition     = var.writer.max_retries >= 0 && var.writer.max_retries <= 10000 && floor(var.writer.max_retries) == var.writer.max_retries
    error_message = "writer.max_retries must be a whole number from 0 to 10000."
  }

  validation {
    condition     = var.writer.max_event_age_days >= 1 && var.writer.max_event_age_days <= 3650 && floor(var.writer.max_event_age_days) == var.writer.max_event_age_days
    error_message = "writer.max_event_age_days must be a whole number from 1 to 3650."
  }

  validation {
    condition     = contains(["full", "truncated", "none"], var.writer.ip_policy)
    error_message = "writer.ip_policy must be \"full\", \"truncated\" or \"none\"."
  }

  validation {
    condition     = var.writer.tracking_plan == null || try(fileexists(var.writer.tracking_plan), false)
    error_message = "writer.tracking_plan names a file that is not there."
  }

  # What is in it, `headwater plan` tells, and the writer itself when it starts.
  validation {
    condition     = !try(fileexists(var.writer.tracking_plan), false) || can(yamldecode(file(var.writer.tracking_plan)))
    error_message = "writer.tracking_plan is not YAML: `uv run headwater plan FILE` says what is wrong, and where."
  }
}

variable "staged" {
  description = <<-EOT
    Staged mode (docs/scale.md): the writers of many shards offer their commits to one committer, which makes one of them. For more than ten shards whose rows are wanted within seconds; off by default.

    - `enabled`: have it. It can be switched on and off at any time.
  EOT
  type        = object({ enabled = optional(bool, false) })
  default     = {}
  nullable    = false

  # A writer looks at each table eighty times before it commits by itself (headwater_writer/staged/offering.py), half a
  # second and a request apart; and it has three tables.
  validation {
    condition     = !var.staged.enabled || var.writer.timeout_seconds >= 240
    error_message = "staged.enabled needs a writer.timeout_seconds of at least 240: while no committer is at work, a writer waits for each of three tables in vain before it commits by itself."
  }
}

variable "cluster" {
  description = <<-EOT
    A Spark cluster on EMR Serverless in place of the writer, for more than ten busy shards (docs/scale.md). It costs $355 a month at least.

    - `enabled`: have it.
    - `writes`: let it write, and the writer's mapping rest; `false` hands the stream back. Set it to `false` ten minutes before you switch the cluster off.
    - `subnet_ids`: where its workers run: private subnets in two zones or more, with NAT or with endpoints of Kinesis, SNS, Glue and S3.
    - `max_vcpu`: most processors that it takes, the driver's four among them; a multiple of 4 from 8, or from 16 for backfills. A new account may take 16.
    - `round_seconds`: from one commit's begin to the next one's, at least; 0 to 3600.

    AWS changes no application with a run on it. To change `subnet_ids`, `max_vcpu` or `architecture`, set `writes = false`, apply, and ten minutes later make the change with `writes = true`.
  EOT
  type = object({
    enabled       = optional(bool, false)
    writes        = optional(bool, true)
    subnet_ids    = optional(list(string), [])
    max_vcpu      = optional(number, 16)
    round_seconds = optional(number, 30)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.cluster.enabled || length(var.cluster.subnet_ids) > 0
    error_message = "cluster.enabled needs cluster.subnet_ids: outside of a VPC, EMR Serverless does not reach Kinesis."
  }

  validation {
    condition     = var.cluster.max_vcpu >= 8 && var.cluster.max_vcpu % 4 == 0
    error_message = "cluster.max_vcpu must be a multiple of 4, at least 8: the driver and each executor take four."
  }

  validation {
    condition     = var.cluster.round_seconds >= 0 && var.cluster.round_seconds <= 3600 && floor(var.cluster.round_seconds) == var.cluster.round_seconds
    error_message = "cluster.round_seconds must be a whole number from 0 to 3600."
  }
}

variable "maintenance" {
  description = <<-EOT
    How the tables are kept small and quick.

    - `schedule`: when they are compacted and cleaned up, as an EventBridge schedule expression, or `never`; null for every hour, or every ten minutes with more than two shards.
    - `ephemeral_storage_mb`: size of the function's /tmp, 512 to 10240, to which Spark spills what it sorts.
  EOT
  type = object({
    schedule             = optional(string)
    ephemeral_storage_mb = optional(number, 4096)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.maintenance.schedule == null || var.maintenance.schedule == "never" || can(regex("^(rate|cron)\\(.+\\)$", var.maintenance.schedule))
    error_message = "maintenance.schedule must be like \"rate(1 hour)\" or \"cron(17 3 * * ? *)\", or \"never\"."
  }

  validation {
    condition     = var.maintenance.ephemeral_storage_mb >= 512 && var.maintenance.ephemeral_storage_mb <= 10240 && floor(var.maintenance.ephemeral_storage_mb) == var.maintenance.ephemeral_storage_mb
    error_message = "maintenance.ephemeral_storage_mb must be a whole number from 512 to 10240, the range of Lambda."
  }
}

variable "lake" {
  description = <<-EOT
    How rows are kept.

    - `noncurrent_days`: days that the bucket keeps overwritten and deleted objects: until then a mistake can be undone, and erased data still exists.
    - `failed_days`: days that files of failed records, and batches that the mapping gave up on, are kept.
    - `glue_optimizers`: let AWS Glue compact the tables and expire their snapshots, in place of `maintenance`, whose schedule must be `never`; nothing deletes repeated events then.
  EOT
  type = object({
    noncurrent_days = optional(number, 7)
    failed_days     = optional(number, 90)
    glue_optimizers = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.lake.noncurrent_days >= 1 && floor(var.lake.noncurrent_days) == var.lake.noncurrent_days
    error_message = "lake.noncurrent_days must be a whole number, at least 1."
  }

  validation {
    condition     = var.lake.failed_days >= 1 && floor(var.lake.failed_days) == var.lake.failed_days
    error_message = "lake.failed_days must be a whole number, at least 1."
  }

  validation {
    condition     = !var.lake.glue_optimizers || var.maintenance.schedule == "never"
    error_message = "lake.glue_optimizers needs maintenance.schedule = \"never\": two that compact and clean up the same tables get in each other's way."
  }
}

variable "queries" {
  description = <<-EOT
    How rows are read.

    - `scan_limit_gb`: gigabytes after which Athena stops a query: 100 are about half a dollar.
    - `results_days`: days that query results are kept.
  EOT
  type = object({
    scan_limit_gb = optional(number, 100)
    results_days  = optional(number, 7)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.queries.scan_limit_gb >= 1 && floor(var.queries.scan_limit_gb) == var.queries.scan_limit_gb
    error_message = "queries.scan_limit_gb must be a whole number, at least 1."
  }

  validation {
    condition     = var.queries.results_days >= 1 && floor(var.queries.results_days) == var.queries.results_days
    error_message = "queries.results_days must be a whole number, at least 1."
  }
}

variable "reports" {
  description = <<-EOT
    The reports, for those who sign in (docs/reports.md).

    - `enabled`: serve them.
    - `login`: the OpenID Connect provider, without which there are none: its `issuer`; the id of a client for browsers, which has the output `reports_url` as redirect URI and no secret; and its endpoints, both in `ISSUER/.well-known/openid-configuration`. Whoever the provider gives a token for that client sees every answer, unless there are `rights`.
    - `rights`: whose answers are about which apps: a `claim` of the token, such as "cognito:groups", and for each of its values the `apps`; `["*"]` is all of them. Whoever has none sees nothing.
    - `reuse_minutes`: how old an answer may be that was given to the same question before, and costs nothing; 0 to ask each time.
    - `concurrency`: how many questions may be asked at a time, kept free in the account; null for what it has.
    - `throttle`: requests that the API lets through a second, and at once.
    - `domain`: a domain of your own, the ARN of its certificate in this region, and the hosted zone that gets its record; without a zone, make the record yourself.
  EOT
  type = object({
    enabled = optional(bool, false)
    login = optional(object({
      issuer        = string
      client_id     = string
      authorize_url = string
      token_url     = string
      scope         = optional(string, "openid")
    }))
    rights = optional(object({
      claim = string
      apps  = map(list(string))
    }))
    reuse_minutes = optional(number, 5)
    concurrency   = optional(number)
    throttle = optional(object({
      requests_per_second = optional(number, 20)
      burst               = optional(number, 40)
    }), {})
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.reports.enabled || var.reports.login != null
    error_message = "reports.enabled needs reports.login: answers are people's data, and are never open to the world."
  }

  validation {
    condition     = alltrue([for url in try([var.reports.login.issuer, var.reports.login.authorize_url, var.reports.login.token_url], []) : can(regex("^https://[A-Za-z0-9.-]+(:[0-9]+)?(/[^\\s?#]*)?$", url))])
    error_message = "reports.login.issuer, .authorize_url and .token_url must be addresses with https, like \"https://login.example.com/oauth2\"."
  }

  validation {
    condition     = try(var.reports.login.client_id, "none") != "" && contains(split(" ", try(var.reports.login.scope, "openid")), "openid")
    error_message = "reports.login needs a client_id, and a scope with \"openid\" in it: answers are asked for with the id token."
  }

  validation {
    condition     = var.reports.rights == null || try(var.reports.rights.claim != "" && length(var.reports.rights.apps) > 0 && !contains(flatten(values(var.reports.rights.apps)), ""), false)
    error_message = "reports.rights needs a claim of the token, and for its values lists of apps; all apps are [\"*\"], not an empty text."
  }

  validation {
    condition     = var.reports.reuse_minutes >= 0 && var.reports.reuse_minutes <= 10080 && floor(var.reports.reuse_minutes) == var.reports.reuse_minutes
    error_message = "reports.reuse_minutes must be a whole number from 0 to 10080, the seven days that Athena allows."
  }

  validation {
    condition     = coalesce(var.reports.concurrency, 1) >= 1 && var.reports.throttle.requests_per_second >= 1 && var.reports.throttle.burst >= 1
    error_message = "reports.concurrency and reports.throttle must let through at least one."
  }
}

variable "canary" {
  description = <<-EOT
    A function that sends marked events and looks for their rows (docs/operations.md); off by default.

    - `enabled`: let it fly every five minutes.
  EOT
  type        = object({ enabled = optional(bool, false) })
  default     = {}
  nullable    = false
}

variable "archive" {
  description = <<-EOT
    A raw copy of every event in S3, for other warehouses (docs/sinks.md).

    - `enabled`: keep it.
    - `buffer_mb`, `buffer_seconds`: when Firehose writes an object: after so many MB of lines, 1 to 128, or so many seconds after the first, 60 to 900.
    - `days`: days that events are kept; null for ever.
    - `first_hour`: hour from which Athena looks for folders, as yyyy/MM/dd/HH.
  EOT
  type = object({
    enabled        = optional(bool, false)
    buffer_mb      = optional(number, 64)
    buffer_seconds = optional(number, 300)
    days           = optional(number)
    first_hour     = optional(string, "2026/01/01/00")
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.archive.buffer_mb >= 1 && var.archive.buffer_mb <= 128 && floor(var.archive.buffer_mb) == var.archive.buffer_mb
    error_message = "archive.buffer_mb must be a whole number from 1 to 128, the range of Firehose."
  }

  validation {
    condition     = var.archive.buffer_seconds >= 60 && var.archive.buffer_seconds <= 900 && floor(var.archive.buffer_seconds) == var.archive.buffer_seconds
    error_message = "archive.buffer_seconds must be a whole number from 60, below which there are too many small objects, to 900, the longest that Firehose waits."
  }

  validation {
    condition     = var.archive.days == null ? true : var.archive.days >= 1 && floor(var.archive.days) == var.archive.days
    error_message = "archive.days must be a whole number from 1, or null for ever."
  }

  validation {
    condition     = can(regex("^20\\d\\d/(0[1-9]|1[0-2])/(0[1-9]|[12]\\d|3[01])/([01]\\d|2[0-3])$", var.archive.first_hour))
    error_message = "archive.first_hour must be like \"2026/01/31/13\"."
  }
}

variable "history" {
  description = <<-EOT
    Events by page and time in DynamoDB, read by `GET /v1/history` (docs/sinks.md). 100 million events with a page cost about $63 to write, and $23 a month to keep until they expire.

    - `enabled`: keep it.
    - `ttl_days`: days after an event until it goes; 0 for never.
    - `write_shards`: how many partitions each page is spread over, 1 to 100, where one page gets more than 1,000 events a second. Never lower it within `ttl_days`.
    - `read_keys_sha256`: digests of the keys that may read, as `printf %s KEY | sha256sum` prints them; each must be random, as `openssl rand -hex 32` makes one. None: IAM decides.
    - `reader_concurrency`: most reads answered at a time; null for what the account has.
  EOT
  type = object({
    enabled            = optional(bool, false)
    ttl_days           = optional(number, 90)
    write_shards       = optional(number, 1)
    read_keys_sha256   = optional(list(string), [])
    reader_concurrency = optional(number)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.history.ttl_days >= 0 && var.history.ttl_days <= 3650 && floor(var.history.ttl_days) == var.history.ttl_days
    error_message = "history.ttl_days must be a whole number from 0, for ever, to 3650."
  }

  validation {
    condition     = var.history.write_shards >= 1 && var.history.write_shards <= 100 && floor(var.history.write_shards) == var.history.write_shards
    error_message = "history.write_shards must be a whole number from 1 to 100."
  }

  validation {
    condition     = alltrue([for digest in var.history.read_keys_sha256 : can(regex("^[0-9a-f]{64}$", digest))])
    error_message = "history.read_keys_sha256 must be SHA-256 digests in hexadecimal, not the keys themselves: printf %s KEY | sha256sum"
  }
}

variable "counts" {
  description = <<-EOT
    Events counted by type, app and minute in PostgreSQL on RDS (docs/sinks.md). The smallest costs about $30 a month: the database, its storage, and the endpoint of Secrets Manager.

    - `enabled`: keep them.
    - `instance_class`, `storage_gb`, `multi_az`, `backup_days`: of the database.
    - `reader_security_group_ids`: security groups that may connect to it too.
    - `network`: a VPC of yours and at least two of its private subnets, in two zones; `has_secrets_endpoint` if it has one for Secrets Manager. Null: a VPC of its own.
  EOT
  type = object({
    enabled                   = optional(bool, false)
    instance_class            = optional(string, "db.t4g.micro")
    storage_gb                = optional(number, 20)
    multi_az                  = optional(bool, false)
    backup_days               = optional(number, 7)
    reader_security_group_ids = optional(list(string), [])
    network = optional(object({
      vpc_id               = string
      subnet_ids           = list(string)
      has_secrets_endpoint = optional(bool, false)
    }))
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.counts.storage_gb >= 20 && floor(var.counts.storage_gb) == var.counts.storage_gb
    error_message = "counts.storage_gb must be a whole number, at least 20: RDS gives no less."
  }

  validation {
    condition     = var.counts.backup_days >= 0 && var.counts.backup_days <= 35 && floor(var.counts.backup_days) == var.counts.backup_days
    error_message = "counts.backup_days must be a whole number from 0, for none, to 35."
  }

  validation {
    condition     = var.counts.network == null ? true : length(var.counts.network.subnet_ids) >= 2
    error_message = "counts.network.subnet_ids must name at least two subnets, in two zones: RDS takes no fewer."
  }
}

variable "backfill_from" {
  description = "Folders in S3, like `s3://bucket/exports/`, from which events may be written into the tables (docs/backfill.md), besides the archive's."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for uri in var.backfill_from : can(regex("^s3://[a-z0-9.-]+/([^*?]*/)?$", uri))])
    error_message = "backfill_from must name folders like \"s3://bucket/exports/\", each with a slash at its end."
  }
}

variable "sdk_hosting" {
  description = <<-EOT
    Where pages load the browser SDK from.

    - `enabled`: a bucket behind CloudFront; without it, serve the bundle yourself.
    - `older_bundles`: paths of earlier bundles that pages still name by their digest, so that an upgrade takes none away from them. What a file's name begins with says which it is: `headwater-web-vitals`, `headwater-errors`, or the SDK.
    - `file_name`: what the files are called, with folders if wanted, like `assets/shop`: ad blockers know names.
    - `domain`: a domain of your own, the ARN of its certificate in us-east-1, and the hosted zone that gets its records; without a zone, make them yourself.
    - `with_api`: the API too, below `collector.path_prefix`, so that script and events are under one host.
    - `price_class`: which of CloudFront's locations answer.
  EOT
  type = object({
    enabled       = optional(bool, true)
    older_bundles = optional(list(string), [])
    price_class   = optional(string, "PriceClass_100")
    file_name     = optional(string, "headwater")
    domain = optional(object({
      name            = string
      certificate_arn = string
      hosted_zone_id  = optional(string)
    }))
    with_api = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.sdk_hosting.price_class)
    error_message = "sdk_hosting.price_class must be \"PriceClass_100\", \"PriceClass_200\" or \"PriceClass_All\"."
  }

  validation {
    condition     = alltrue([for file in var.sdk_hosting.older_bundles : fileexists(file)])
    error_message = "sdk_hosting.older_bundles names a file that is not there."
  }

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9_/-]*[a-z0-9])?$", var.sdk_hosting.file_name))
    error_message = "sdk_hosting.file_name must consist of lower-case letters, digits, dashes and slashes, like \"assets/shop\", without \".js\"."
  }

  validation {
    condition     = can(regex("^arn:aws:acm:us-east-1:", try(var.sdk_hosting.domain.certificate_arn, "arn:aws:acm:us-east-1:")))
    error_message = "sdk_hosting.domain.certificate_arn must be of a certificate in us-east-1: CloudFront takes no other."
  }

  validation {
    condition     = !var.sdk_hosting.with_api || var.collector.path_prefix != ""
    error_message = "sdk_hosting.with_api needs a collector.path_prefix, like \"/first-party\": what is below it goes to the API, and the rest is files."
  }

  validation {
    condition     = !var.sdk_hosting.with_api || !startswith("/${var.sdk_hosting.file_name}", "${var.collector.path_prefix}/")
    error_message = "sdk_hosting.file_name must not be below collector.path_prefix, where the API is."
  }
}

variable "demo" {
  description = <<-EOT
    A small website that sends events, for people to try, with instructions beside it (docs/deploy.md); off by default.

    - `enabled`: serve it beside the browser SDK, as the app `demo`, and let `headwater demo --outputs` fill 90 days.
  EOT
  type        = object({ enabled = optional(bool, false) })
  default     = {}
  nullable    = false

  validation {
    condition     = !var.demo.enabled || var.sdk_hosting.enabled
    error_message = "demo.enabled needs sdk_hosting.enabled: the website is served beside the browser SDK."
  }

  validation {
    condition     = !var.demo.enabled || lookup(var.collector.write_keys, "demo", "demo") == "demo"
    error_message = "demo.enabled needs the write key demo for its own app: give the app that has it another key."
  }

  # The name that CloudFront gives is known only after an apply, which is too late for the collector: with the API behind
  # it, it would have to exist before the API.
  validation {
    condition     = !var.demo.enabled || var.sdk_hosting.with_api || anytrue([for origin in var.collector.allowed_origins : origin == "*" || endswith(origin, ".cloudfront.net") || origin == "https://${try(var.sdk_hosting.domain.name, "")}"])
    error_message = "demo.enabled needs the website's own origin in collector.allowed_origins, that of the output browser_sdk_url, or sdk_hosting.with_api: elsewhere browsers would keep its events back."
  }

  validation {
    condition     = !var.demo.enabled || !startswith(var.sdk_hosting.file_name, "demo/") && !(var.sdk_hosting.with_api && startswith("/demo/", "${var.collector.path_prefix}/"))
    error_message = "demo.enabled needs what is below /demo for itself: choose another sdk_hosting.file_name, or collector.path_prefix."
  }
}

variable "monitoring" {
  description = <<-EOT
    How you learn that something is wrong.

    - `alarms`: alarms on the route, all to one topic.
    - `dashboard`: the route on one page, from left to right.
    - `alert_email`: the address that alarms and the writer's alerts are mailed to, after a mail that asks to confirm; null for none.
    - `monthly_budget_usd`: dollars a month beyond which AWS mails `alert_email` that the account's bill is forecast to be more, and that it is; null for never.
    - `freshness_minutes`: how long events may arrive without a row being written, 5 to 1435, and no less than the writer's window and timeout together.
    - `failed_records`: how many records may fail within five minutes before there is an alarm; fewer are only counted by the writer's notification, at most every ten minutes.
    - `log_retention_days`: days that logs are kept, one of the numbers that CloudWatch takes.
    - `tracing`: X-Ray traces the functions' invocations, which is [paid for by the trace](../docs/metrics.md#traces); not the API, since X-Ray knows no HTTP API.
  EOT
  type = object({
    alarms             = optional(bool, true)
    dashboard          = optional(bool, true)
    alert_email        = optional(string)
    monthly_budget_usd = optional(number)
    freshness_minutes  = optional(number, 15)
    failed_records     = optional(number, 100)
    log_retention_days = optional(number, 30)
    tracing            = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", coalesce(var.monitoring.alert_email, "nobody@example.com")))
    error_message = "monitoring.alert_email must be one e-mail address."
  }

  validation {
    condition     = var.monitoring.monthly_budget_usd == null || (var.monitoring.alert_email != null && try(var.monitoring.monthly_budget_usd >= 1, false))
    error_message = "monitoring.monthly_budget_usd must be at least 1, and needs a monitoring.alert_email to notify."
  }

  # An alarm looks back over a day at most, and takes five minutes more.
  validation {
    condition     = var.monitoring.freshness_minutes >= 5 && var.monitoring.freshness_minutes <= 1435 && var.monitoring.freshness_minutes % 5 == 0
    error_message = "monitoring.freshness_minutes must be a multiple of 5, from 5 to 1435."
  }

  validation {
    condition     = var.monitoring.freshness_minutes * 60 >= var.writer.window_seconds + var.writer.timeout_seconds
    error_message = "monitoring.freshness_minutes must be no less than writer.window_seconds and writer.timeout_seconds together: a batch that still fills, or is being written, is not late."
  }

  validation {
    condition     = var.monitoring.failed_records >= 0 && floor(var.monitoring.failed_records) == var.monitoring.failed_records
    error_message = "monitoring.failed_records must be a whole number, at least 0."
  }

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.monitoring.log_retention_days)
    error_message = "monitoring.log_retention_days must be one of the numbers that CloudWatch takes: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 and some more."
  }
}

variable "poller" {
  description = <<-EOT
    Which JSON APIs are polled (docs/poller.md); none by default.

    - `configs`: path of each config's YAML file, by the config's own `id`.
    - `schedule`: when each is polled once, as an EventBridge schedule expression; null for always on, as often as `every` in its config says.
    - `cpu`, `memory_mb`: what a task gets, a pair that Fargate offers.
    - `subnet_ids`: where the tasks run, preferably private subnets with NAT; if empty, in the account's default VPC, with public addresses.
    - `assign_public_ip`: whether tasks in `subnet_ids` get public addresses, which public subnets need.
    - `secrets`: ARNs of secrets in Secrets Manager, each by the name of the variable that has it in the tasks. A config refers to the variable with `env`, which is read when a task starts, or to the ARN with `secret`, which is read by each poll.
  EOT
  type = object({
    configs          = optional(map(string), {})
    schedule         = optional(string)
    cpu              = optional(number, 256)
    memory_mb        = optional(number, 512)
    subnet_ids       = optional(list(string), [])
    assign_public_ip = optional(bool, false)
    secrets          = optional(map(string), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for file in values(var.poller.configs) : try(fileexists(file), false)])
    error_message = "poller.configs names a file that is not there."
  }

  validation {
    condition     = alltrue([for id in keys(var.poller.configs) : can(regex("^[a-z0-9][a-z0-9_-]{0,62}$", id))])
    error_message = "poller.configs must give each file under its config's `id`: lower-case letters, digits, hyphens and underscores, at most 63."
  }

  validation {
    condition     = var.poller.schedule == null || can(regex("^(rate|cron)\\(.+\\)$", coalesce(var.poller.schedule, "none")))
    error_message = "poller.schedule must be like \"rate(15 minutes)\" or \"cron(0 * * * ? *)\"."
  }

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.poller.cpu) && var.poller.memory_mb >= var.poller.cpu * 2 && var.poller.memory_mb <= var.poller.cpu * 8
    error_message = "poller.cpu must be 256, 512, 1024, 2048 or 4096, and poller.memory_mb two to eight times as much: Fargate offers no others."
  }

  validation {
    condition     = alltrue([for name, arn in var.poller.secrets : can(regex("^[A-Z][A-Z0-9_]*$", name)) && can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", arn))])
    error_message = "poller.secrets must give names of variables, like WEBLOGS_TOKEN, ARNs of secrets in Secrets Manager."
  }
}

variable "observability" {
  description = <<-EOT
    Grafana, with Prometheus and YACE, in a task on ECS Fargate (docs/observability/README.md); off by default. The smallest costs about $11 a month, NAT or a public address not counted.

    - `enabled`: run it.
    - `password_secret_arn`: ARN of the secret in Secrets Manager that is the password of Grafana's user `admin`; there is no default.
    - `subnet_ids`: where the task runs, preferably private subnets with NAT.
    - `assign_public_ip`: whether it gets a public address, which public subnets need; nothing is let in all the same.
    - `cpu`, `memory_mb`: what it gets, a pair that Fargate offers.
    - `counts_secret_arn`: ARN of the secret with `username` and `password` of a login to the counts that may only read, for panels on them; null for none. It needs `counts.network` with the VPC of `subnet_ids`.
  EOT
  type = object({
    enabled             = optional(bool, false)
    password_secret_arn = optional(string)
    subnet_ids          = optional(list(string), [])
    assign_public_ip    = optional(bool, false)
    cpu                 = optional(number, 256)
    memory_mb           = optional(number, 1024)
    counts_secret_arn   = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.observability.enabled || (var.observability.password_secret_arn != null && length(var.observability.subnet_ids) > 0)
    error_message = "observability.enabled needs observability.password_secret_arn, since Grafana gets no default password, and observability.subnet_ids."
  }

  validation {
    condition     = alltrue([for arn in compact([var.observability.password_secret_arn, var.observability.counts_secret_arn]) : can(regex("^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:[0-9]{12}:secret:[A-Za-z0-9/_+=.@-]+$", arn))])
    error_message = "observability.password_secret_arn and .counts_secret_arn must be ARNs of secrets in Secrets Manager, not what they hold."
  }

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096], var.observability.cpu) && var.observability.memory_mb >= 1024 && var.observability.memory_mb >= var.observability.cpu * 2 && var.observability.memory_mb <= var.observability.cpu * 8
    error_message = "observability.cpu must be 256, 512, 1024, 2048 or 4096, and observability.memory_mb at least 1024 and two to eight times as much: Fargate offers no others, and the three need that."
  }

  validation {
    condition     = var.observability.counts_secret_arn == null || (var.observability.enabled && var.counts.enabled && var.counts.network != null)
    error_message = "observability.counts_secret_arn needs observability.enabled, and counts.enabled with a counts.network in the VPC of observability.subnet_ids: a VPC of the counts' own lets nobody else in."
  }
}

variable "roles" {
  description = <<-EOT
    What your organization asks of IAM roles.

    - `path`: of every role, like `/analytics/`.
    - `permissions_boundary`: ARN of the policy that bounds every role's rights; null for none.
  EOT
  type = object({
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^/([!-.0-~]+/)*$", var.roles.path))
    error_message = "roles.path must begin and end with a slash, like \"/analytics/\"."
  }
}

variable "kms_key_arn" {
  description = "ARN of a KMS key of yours in this region that encrypts buckets, stream, logs, the topic, staged mode's queue and the functions' environment; null for AWS's own keys. Its policy must let CloudWatch's services in (docs/deploy.md). DynamoDB and RDS keep AWS's keys, and so does the bucket of the browser SDK, which is public."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[a-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a key, like arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab: not every service takes an alias."
  }

  validation {
    condition     = try(split(":", var.kms_key_arn)[3], local.account.region) == local.account.region
    error_message = "kms_key_arn must be in the region that is deployed to: KMS answers in a key's own region alone."
  }
}

variable "prebuilt" {
  description = <<-EOT
    What is ready and is not built. Without any, a first apply needs uv, and docker, podman or buildah.

    - `api_zip`: path of the collector's zip, as `make terraform-api-zip` builds it; a new file needs a new name.
    - `sinks_zip`: path of the sinks' zip, which is built if one is on (`make terraform-sinks-zip`); a new file needs a new name.
    - `reports_zip`: path of the reports' zip, which is built if they are on (`make terraform-reports-zip`); a new file needs a new name.
    - `cluster_zip`: path of the cluster's zip, which is built if it is on (`make terraform-cluster-zip`); a new file needs a new name.
    - `cluster_jars`: paths of the jars that Spark needs there, which are otherwise fetched from Maven Central.
    - `writer_image_uri`: the writer's image in an ECR repository of this region, by digest or by a tag that never moves. A plan fails if this account has no such image; an image of another account is only checked by the apply.
    - `poller_image_uri`: the poller's image, likewise.
    - `browser_sdk`: path of the browser SDK's bundle.
  EOT
  type = object({
    api_zip          = optional(string)
    sinks_zip        = optional(string)
    reports_zip      = optional(string)
    cluster_zip      = optional(string)
    cluster_jars     = optional(list(string))
    writer_image_uri = optional(string)
    poller_image_uri = optional(string)
    browser_sdk      = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.prebuilt.api_zip == null || try(fileexists(var.prebuilt.api_zip), false)
    error_message = "prebuilt.api_zip names a file that is not there."
  }

  validation {
    condition     = var.prebuilt.sinks_zip == null || try(fileexists(var.prebuilt.sinks_zip), false)
    error_message = "prebuilt.sinks_zip names a file that is not there."
  }

  validation {
    condition     = var.prebuilt.reports_zip == null || try(fileexists(var.prebuilt.reports_zip), false)
    error_message = "prebuilt.reports_zip names a file that is not there."
  }

  validation {
    condition     = alltrue([for file in concat(var.prebuilt.cluster_zip[*], var.prebuilt.cluster_jars == null ? [] : var.prebuilt.cluster_jars) : try(fileexists(file), false)])
    error_message = "prebuilt.cluster_zip or prebuilt.cluster_jars names a file that is not there."
  }

  validation {
    condition     = var.prebuilt.writer_image_uri == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$", var.prebuilt.writer_image_uri))
    error_message = "prebuilt.writer_image_uri must be an image in ECR with its tag or digest, like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-writer:1.0.0: Lambda takes no other."
  }

  validation {
    condition     = var.prebuilt.writer_image_uri == null || try(split(".", var.prebuilt.writer_image_uri)[3], local.account.region) == local.account.region
    error_message = "prebuilt.writer_image_uri must be in the region that is deployed to: Lambda takes images from no other."
  }

  validation {
    condition     = !endswith(coalesce(var.prebuilt.writer_image_uri, "none"), ":latest")
    error_message = "prebuilt.writer_image_uri must not end in \":latest\": Terraform could not see that another image stands behind it."
  }

  validation {
    condition     = var.prebuilt.poller_image_uri == null || can(regex("^[0-9]{12}\\.dkr\\.ecr\\.[a-z0-9-]+\\.amazonaws\\.com(\\.cn)?/[a-z0-9._/-]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$", var.prebuilt.poller_image_uri))
    error_message = "prebuilt.poller_image_uri must be an image in ECR with its tag or digest, like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/headwater-poller:1.0.0."
  }

  validation {
    condition     = var.prebuilt.browser_sdk == null || try(fileexists(var.prebuilt.browser_sdk), false)
    error_message = "prebuilt.browser_sdk names a file that is not there."
  }
}

variable "force_destroy" {
  description = "Whether a destroy deletes the events that were collected. Without it, a destroy is refused."
  type        = bool
  default     = false
  nullable    = false
}
