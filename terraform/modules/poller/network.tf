# Subnets that are given, or those of the account's default VPC, which have no NAT: there a task gets
# a public address to reach the API and AWS. Nothing is let in either way.

locals {
  is_given           = length(var.settings.subnet_ids) > 0
  subnet_ids         = local.is_given ? var.settings.subnet_ids : data.aws_subnets.default[0].ids
  has_public_address = local.is_given ? var.settings.assign_public_ip : true
  vpc_id             = local.is_given ? data.aws_subnet.given[0].vpc_id : data.aws_vpc.default[0].id

  # An address without a port has its scheme's.
  ports = toset(concat(["443"], [
    for file in values(var.settings.configs) :
    try(regex("^https?://[^/]*:([0-9]+)", yamldecode(file(file)).url)[0], startswith(yamldecode(file(file)).url, "http://") ? "80" : "443")
  ]))
}

data "aws_subnet" "given" {
  count = local.is_given ? 1 : 0
  id    = var.settings.subnet_ids[0]
}

data "aws_vpc" "default" {
  count   = local.is_given ? 0 : 1
  default = true
}

data "aws_subnets" "default" {
  count = local.is_given ? 0 : 1

  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default[0].id]
  }

  filter {
    name   = "default-for-az"
    values = ["true"]
  }
}

resource "aws_security_group" "poller" {
  name        = var.name
  description = "Lets the poller out to its APIs and AWS, and nothing in."
  vpc_id      = local.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "poller" {
  for_each = local.ports

  security_group_id = aws_security_group.poller.id
  description       = "APIs that are polled, and AWS."
  ip_protocol       = "tcp"
  from_port         = each.value
  to_port           = each.value
  cidr_ipv4         = "0.0.0.0/0"
}
