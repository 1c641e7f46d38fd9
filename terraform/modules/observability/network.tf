# The task calls out, for images, AWS and the counts, and nobody can call it: whoever looks comes through
# the tunnel, which the task opened itself.

data "aws_subnet" "given" {
  id = var.settings.subnet_ids[0]
}

resource "aws_security_group" "observability" {
  name        = var.name
  description = "Lets Grafana's task out, and nothing in."
  vpc_id      = data.aws_subnet.given.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "aws" {
  security_group_id = aws_security_group.observability.id
  description       = "AWS, registries of images, and Grafana's of plugins."
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_vpc_security_group_egress_rule" "counts" {
  count = var.counts == null ? 0 : 1

  security_group_id            = aws_security_group.observability.id
  description                  = "The database of the counts."
  ip_protocol                  = "tcp"
  from_port                    = var.counts.port
  to_port                      = var.counts.port
  referenced_security_group_id = var.counts.security_group_id
}
