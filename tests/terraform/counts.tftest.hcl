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
    condition     = aws_vpc_security_group_ingress_rule.database_from_readers["sg-reader"].from_port == 5432
    error_message = "the reader was not let in"
  }
}
