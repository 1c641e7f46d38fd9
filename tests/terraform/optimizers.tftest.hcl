mock_provider "aws" {
  source = "./mocks"
}

variables {
  name    = "sample-optimizers"
  account = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  tables  = ["events", "identifies", "failed_records"]
  lake = {
    database_name = "sample"
    glue_arns     = ["arn:aws:glue:eu-west-1:123456789012:catalog"]
    bucket        = { arn = "arn:aws:s3:::sample-data" }
    prefixes      = { tables = "lake" }
  }
}

run "optimizes_every_table_in_three_ways" {
  command = plan

  module {
    source = "../../terraform/modules/optimizers"
  }

  assert {
    condition     = length(aws_glue_catalog_table_optimizer.tables) == 9
    error_message = "there are ${length(aws_glue_catalog_table_optimizer.tables)} optimizers"
  }

  assert {
    condition = alltrue([
      for optimizer in aws_glue_catalog_table_optimizer.tables :
      length(optimizer.configuration[0].retention_configuration) == (optimizer.type == "retention" ? 1 : 0)
      && length(optimizer.configuration[0].orphan_file_deletion_configuration) == (optimizer.type == "orphan_file_deletion" ? 1 : 0)
    ])
    error_message = "an optimizer has another one's settings, or lacks its own"
  }
}
