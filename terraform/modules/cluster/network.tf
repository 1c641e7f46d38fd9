# Without a VPC, a run reaches S3 and Glue, but neither Kinesis nor SNS ("Other considerations", EMR
# Serverless user guide).

data "aws_subnet" "first" {
  id = var.settings.subnet_ids[0]
}

resource "aws_security_group" "cluster" {
  # checkov:skip=CKV2_AWS_5:The application has it, of a service that checkov does not look at.

  name        = var.name
  description = "Lets the cluster out to AWS, and nothing in."
  vpc_id      = data.aws_subnet.first.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "cluster" {
  security_group_id = aws_security_group.cluster.id
  description       = "AWS."
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}
