# The VPC, unless one is given, and the only connections that it allows: from the function to the database and
# to Secrets Manager. Lambda itself reads the stream, writes logs and keeps failed batches, from outside the VPC.

locals {
  own        = var.settings.network == null ? 1 : 0
  vpc_id     = local.own == 1 ? aws_vpc.counts[0].id : var.settings.network.vpc_id
  subnet_ids = local.own == 1 ? aws_subnet.private[*].id : var.settings.network.subnet_ids
  endpoint   = try(var.settings.network.has_secrets_endpoint, false) ? 0 : 1

  secrets_address = [for made in aws_vpc_endpoint.secrets : "https://${made.dns_entry[0].dns_name}" if local.own == 0]
}

data "aws_availability_zones" "available" {
  # checkov:skip=CKV_AWS_394:A zone more moves no subnet: they stay where they were made.

  state = "available"

  # Local and Wavelength Zones are "available" too if the account opted in, and RDS is in few of them.
  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "counts" {
  # checkov:skip=CKV2_AWS_11:Two parties talk here, both ours; flow logs cost more than they would tell.

  count                = local.own
  cidr_block           = "10.91.0.0/24"
  enable_dns_support   = true
  enable_dns_hostnames = true

  tags = { Name = var.name }
}

# Lets nothing in or out: what is put there by mistake reaches nobody.
resource "aws_default_security_group" "closed" {
  count  = local.own
  vpc_id = aws_vpc.counts[0].id
}

resource "aws_subnet" "private" {
  count             = 2 * local.own
  vpc_id            = aws_vpc.counts[0].id
  cidr_block        = cidrsubnet(aws_vpc.counts[0].cidr_block, 1, count.index)
  availability_zone = data.aws_availability_zones.available.names[count.index]

  tags = { Name = "${var.name}-${count.index}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

# Private DNS would send everybody in a given VPC through this endpoint, whose policy knows one secret. There the
# function alone calls it, by its own name (local.secrets_address).
resource "aws_vpc_endpoint" "secrets" {
  count               = local.endpoint
  vpc_id              = local.vpc_id
  service_name        = "com.amazonaws.${var.account.region}.secretsmanager"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = local.subnet_ids
  security_group_ids  = [aws_security_group.endpoint[0].id]
  private_dns_enabled = local.own == 1

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { AWS = var.account.id }
      Action    = "secretsmanager:GetSecretValue"
      Resource  = local.secret_arn
    }]
  })
}

resource "aws_security_group" "function" {
  # checkov:skip=CKV2_AWS_5:The function has it, through a module whose resources checkov does not join with these.

  name        = "${var.name}-function"
  description = "The function that counts."
  vpc_id      = local.vpc_id
}

resource "aws_security_group" "database" {
  name        = "${var.name}-database"
  description = "The database of the counts."
  vpc_id      = local.vpc_id
}

resource "aws_security_group" "endpoint" {
  count       = local.endpoint
  name        = "${var.name}-secrets"
  description = "The endpoint of Secrets Manager."
  vpc_id      = local.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "function_to_database" {
  security_group_id            = aws_security_group.function.id
  description                  = "PostgreSQL"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database_from_function" {
  security_group_id            = aws_security_group.database.id
  description                  = "The function"
  referenced_security_group_id = aws_security_group.function.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_ingress_rule" "database_from_readers" {
  # Not by id: a group that the same apply makes has none yet.
  count = length(var.settings.reader_security_group_ids)

  security_group_id            = aws_security_group.database.id
  description                  = "A reader of the counts"
  referenced_security_group_id = var.settings.reader_security_group_ids[count.index]
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

resource "aws_vpc_security_group_egress_rule" "function_to_secrets" {
  count                        = local.endpoint
  security_group_id            = aws_security_group.function.id
  description                  = "Secrets Manager"
  referenced_security_group_id = aws_security_group.endpoint[0].id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# An endpoint that was there has a security group of its owner's, and may be anywhere in the VPC. One rule has all
# of the VPC's blocks: how many these are is unknown if the same apply makes the VPC.
resource "aws_security_group" "to_given_endpoint" {
  # checkov:skip=CKV2_AWS_5:The function has it, through a module whose resources checkov does not join with these.

  count       = 1 - local.endpoint
  name        = "${var.name}-to-secrets"
  description = "Secrets Manager, by an endpoint that was there."
  vpc_id      = local.vpc_id

  egress {
    description = "Secrets Manager"
    cidr_blocks = data.aws_vpc.given[0].cidr_block_associations[*].cidr_block
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
  }
}

data "aws_vpc" "given" {
  count = 1 - local.own
  id    = var.settings.network.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "secrets_from_function" {
  count                        = local.endpoint
  security_group_id            = aws_security_group.endpoint[0].id
  description                  = "The function"
  referenced_security_group_id = aws_security_group.function.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
