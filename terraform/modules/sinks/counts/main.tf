# Stream → function → PostgreSQL, both in private subnets. Nothing there reaches the internet, or is reached
# from it.

resource "aws_db_instance" "counts" {
  # checkov:skip=CKV_AWS_157:A standby doubles the price: counts.multi_az says so. The stream keeps what comes meanwhile.
  # checkov:skip=CKV_AWS_118:Enhanced monitoring is paid for by the log; CloudWatch's own metrics say if the database is slow.
  # checkov:skip=CKV_AWS_129:Statements are ours alone, and a failed one is in the function's log.
  # checkov:skip=CKV_AWS_161:The password is rotated by Secrets Manager, and the function knows no other way in.
  # checkov:skip=CKV_AWS_353:Performance Insights is for statements that nobody knows; here there are four.
  # checkov:skip=CKV2_AWS_30:As above: the statements are ours alone.
  # checkov:skip=CKV_AWS_133:Backups are kept for counts.backup_days, a week by default.
  # checkov:skip=CKV_AWS_293:A destroy that is meant says so by force_destroy.

  identifier     = var.name
  engine         = "postgres"
  engine_version = "17"
  instance_class = var.settings.instance_class

  db_name                     = "counts"
  username                    = "counts"
  manage_master_user_password = true

  allocated_storage     = var.settings.storage_gb
  max_allocated_storage = 10 * var.settings.storage_gb
  storage_type          = "gp3"
  storage_encrypted     = true

  multi_az               = var.settings.multi_az
  db_subnet_group_name   = aws_db_subnet_group.counts.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false

  # The function verifies it (counts/rds-global-bundle.pem), and the database takes nothing without TLS.
  ca_cert_identifier   = "rds-ca-rsa2048-g1"
  parameter_group_name = aws_db_parameter_group.counts.name

  backup_retention_period    = var.settings.backup_days
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = !var.force_destroy
  skip_final_snapshot        = var.force_destroy
  final_snapshot_identifier  = "${var.name}-final"
}

resource "aws_db_parameter_group" "counts" {
  name        = var.name
  family      = "postgres17"
  description = "TLS for every connection."

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}

resource "aws_db_subnet_group" "counts" {
  name       = var.name
  subnet_ids = local.subnet_ids
}

locals {
  secret_arn = aws_db_instance.counts.master_user_secret[0].secret_arn
}

module "writer" {
  source = "../consumer"

  name               = var.name
  description        = "Counts events by type, app and minute."
  zip                = var.zip
  handler            = "headwater_sinks.counts.function.handler"
  max_event_age_days = var.max_event_age_days
  stream             = var.stream
  window_seconds     = 10
  failed_bucket_name = var.failed_bucket_name
  roles              = var.roles
  log_retention_days = var.log_retention_days
  tracing            = var.tracing
  key_arn            = var.key_arn
  force_destroy      = var.force_destroy

  network = {
    subnet_ids         = local.subnet_ids
    security_group_ids = concat([aws_security_group.function.id], aws_security_group.to_given_endpoint[*].id)
  }

  environment = merge(
    {
      POSTGRES_HOST     = aws_db_instance.counts.address
      POSTGRES_PORT     = tostring(aws_db_instance.counts.port)
      POSTGRES_DATABASE = aws_db_instance.counts.db_name
      POSTGRES_SECRET   = local.secret_arn
    },
    { for address in local.secrets_address : "AWS_ENDPOINT_URL_SECRETS_MANAGER" => address },
  )

  policy_name = "count"
  statements = {
    Login = { actions = ["secretsmanager:GetSecretValue"], resources = [local.secret_arn] }
  }
}
