# The reports: pages for all, and answers for those who have signed in with the deployer's provider.

locals {
  environment = {
    PAGES         = "/var/task/pages"
    WORKGROUP     = var.queries.workgroup
    DATABASE      = var.lake.database_name
    REUSE_MINUTES = tostring(var.settings.reuse_minutes)
    RIGHTS        = jsonencode(var.settings.rights)
    LOGIN = jsonencode({
      authorize_url = var.settings.login.authorize_url
      token_url     = var.settings.login.token_url
      client_id     = var.settings.login.client_id
      scope         = var.settings.login.scope
    })
  }
}

module "function" {
  source = "../function"

  name               = var.name
  description        = "Serves the reports, and asks Athena their questions."
  zip                = merge(var.zip, { handler = "headwater_reports.function.handler", runtime = "python3.13" })
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  roles              = var.roles

  limits = {
    memory_mb       = 512
    timeout_seconds = 29 # An HTTP API waits for 30; the function says by then that it is still asking.
    concurrency     = var.settings.concurrency
  }

  environment = local.environment

  policy = {
    name       = "ask"
    statements = local.may_ask
  }
}
