mock_provider "aws" {
  source = "./mocks"
}

variables {
  name               = "sample-counts"
  account            = { id = "123456789012", region = "eu-west-1" }
  failed_bucket_name = "sample-counts-123456789012-eu-west-1"
  settings           = { instance_class = "db.t4g.micro", storage_gb = 20, multi_az = false, backup_days = 7, reader_security_group_ids = [] }
  zip                = { file = "counts.tftest.hcl", architecture = "arm64" }
  stream             = { arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events", retention_hours = 24 }
  max_event_age_days = 7
  log_retention_days = 30
  force_destroy      = false
}

run "keeps_the_database_to_itself" {
  module {
    source = "../../terraform/modules/sinks/counts"
  }

  assert {
    condition     = !aws_db_instance.counts.publicly_accessible && aws_db_instance.counts.storage_encrypted && aws_db_instance.counts.manage_master_user_password
    error_message = "the database is open, or its password is Terraform's"
  }

  assert {
    condition     = one(aws_db_parameter_group.counts.parameter).name == "rds.force_ssl" && one(aws_db_parameter_group.counts.parameter).value == "1"
    error_message = "the database talks without TLS"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_function.referenced_security_group_id == aws_security_group.function.id && length(aws_vpc_security_group_ingress_rule.database_from_readers) == 0
    error_message = "others than the function may talk to the database"
  }

  assert {
    condition     = aws_db_instance.counts.deletion_protection && !aws_db_instance.counts.skip_final_snapshot
    error_message = "a destroy takes the counts with it"
  }

  assert {
    condition     = length(aws_subnet.private) == 2 && length(aws_vpc_endpoint.secrets) == 1
    error_message = "the VPC is not whole"
  }

  assert {
    condition     = aws_vpc_endpoint.secrets[0].private_dns_enabled && length(local.secrets_address) == 0
    error_message = "the function does not find the endpoint by Secrets Manager's own name"
  }

  assert {
    condition     = one(data.aws_availability_zones.available.filter).values == toset(["opt-in-not-required"])
    error_message = "a subnet may be in a zone that the account opted in to, where RDS may not be"
  }
}

run "runs_in_a_vpc_that_is_there" {
  variables {
    settings = {
      instance_class            = "db.t4g.micro"
      storage_gb                = 20
      multi_az                  = true
      backup_days               = 7
      reader_security_group_ids = ["sg-reader"]
      network                   = { vpc_id = "vpc-given", subnet_ids = ["subnet-a", "subnet-b"], has_secrets_endpoint = true }
    }
  }

  module {
    source = "../../terraform/modules/sinks/counts"
  }

  assert {
    condition     = length(aws_vpc.counts) == 0 && length(aws_subnet.private) == 0 && length(aws_vpc_endpoint.secrets) == 0
    error_message = "a second VPC was made"
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database_from_readers[0].referenced_security_group_id == "sg-reader"
    error_message = "the reader was not let in"
  }

  assert {
    condition     = one(aws_security_group.to_given_endpoint[0].egress).cidr_blocks == tolist(["10.0.0.0/16", "100.64.0.0/16"])
    error_message = "an endpoint in the VPC's second block is out of reach"
  }

  assert {
    condition     = output.function_security_group_id == aws_security_group.function.id
    error_message = "the owner of the endpoint cannot tell whom to let in"
  }
}

run "takes_secrets_manager_from_nobody_in_a_vpc_that_is_there" {
  variables {
    settings = {
      instance_class            = "db.t4g.micro"
      storage_gb                = 20
      multi_az                  = true
      backup_days               = 7
      reader_security_group_ids = []
      network                   = { vpc_id = "vpc-given", subnet_ids = ["subnet-a", "subnet-b"], has_secrets_endpoint = false }
    }
  }

  module {
    source = "../../terraform/modules/sinks/counts"
  }

  assert {
    condition     = !aws_vpc_endpoint.secrets[0].private_dns_enabled
    error_message = "everybody in the VPC talks to Secrets Manager through an endpoint for one secret"
  }

  assert {
    condition     = local.secrets_address == ["https://vpce-mocked.secretsmanager.eu-west-1.vpce.amazonaws.com"]
    error_message = "the function does not find the endpoint"
  }
}
