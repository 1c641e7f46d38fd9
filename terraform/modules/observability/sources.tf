# Where Grafana looks. Logs stay in CloudWatch, where they are already (docs/adr/0027).

locals {
  sources = concat(
    [
      for source in yamldecode(file("${var.docs}/observability/grafana/datasources/headwater.yaml")).datasources :
      source if source.type == "prometheus"
    ],
    [
      {
        name     = "CloudWatch"
        type     = "cloudwatch"
        jsonData = { authType = "default", defaultRegion = var.account.region }
      },
      {
        name = "Lake"
        type = "grafana-athena-datasource"
        jsonData = {
          authType      = "default"
          defaultRegion = var.account.region
          catalog       = "AwsDataCatalog"
          database      = var.lake.database_name
          workgroup     = var.queries.workgroup
        }
      },
    ],
    [for database in var.counts[*] : {
      name           = "Counts"
      type           = "grafana-postgresql-datasource"
      url            = "${database.address}:${database.port}"
      user           = "$POSTGRES_USERNAME"
      secureJsonData = { password = "$POSTGRES_PASSWORD" }
      jsonData       = { database = database.name, sslmode = "require" }
    }],
  )
}
