mock_provider "aws" {
  source = "./mocks"
}

variables {
  name    = "sample-cluster"
  account = { id = "123456789012", partition = "aws", region = "eu-west-1" }
  code = {
    zip          = "cluster.tftest.hcl"
    jars         = ["plans/good.yaml", "plans/weblogs.yaml"]
    architecture = "arm64"
  }
  settings = {
    writes        = false # Else the tests' own destroy is refused.
    subnet_ids    = ["subnet-private"]
    max_vcpu      = 16
    round_seconds = 30
  }
  writer = {
    environment    = { GLUE_DATABASE = "sample", CONSUMER_GROUP = "writer" }
    may_write_rows = {}
  }
  may_read_sources   = {}
  stream             = { name = "sample-events", arn = "arn:aws:kinesis:eu-west-1:123456789012:stream/sample-events" }
  lake               = { bucket = { name = "sample-data", arn = "arn:aws:s3:::sample-data" }, prefixes = { cluster = "cluster" } }
  log_retention_days = 30
}

run "has_a_cluster_whose_cost_is_bounded" {
  module {
    source = "../../terraform/modules/cluster"
  }

  assert {
    condition = (
      aws_emrserverless_application.cluster.release_label == "emr-spark-8.1.0"
      && aws_emrserverless_application.cluster.architecture == "ARM64"
      && one(aws_emrserverless_application.cluster.maximum_capacity).cpu == "16 vCPU"
      && one(aws_emrserverless_application.cluster.maximum_capacity).memory == "64 GB"
      && length(aws_emrserverless_application.cluster.initial_capacity) == 0
    )
    error_message = "it may cost more than it was allowed, or costs something while it rests"
  }

  assert {
    condition     = aws_security_group.cluster.vpc_id == "vpc-given" && length(aws_security_group.cluster.ingress) == 0
    error_message = "it does not stay in the subnets that were given, or lets something in"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.keeper.input) == { writes = false }
    error_message = "a run is started, or left alone, that is to end"
  }
}

run "keeps_one_run_of_the_newest_code_running" {
  command = plan

  variables {
    settings = { writes = true, subnet_ids = ["subnet-private"], max_vcpu = 24, round_seconds = 60 }
  }

  module {
    source = "../../terraform/modules/cluster"
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_event_target.keeper.input) == { writes = true }
    error_message = "nothing is started if there is no run"
  }

  assert {
    condition     = local.stream.Mode == "STREAMING" && local.stream.ExecutionTimeoutMinutes == 0 && local.stream.Name == local.run_name && local.mains.job == "s3://sample-data/cluster/job.py"
    error_message = "a run ends by itself"
  }

  assert {
    condition = (
      local.keeper.States.Asked.Choices[0].Next == "Backfill"
      && local.backfill.Mode == "BATCH"
      && local.backfill.JobDriver.SparkSubmit.EntryPoint == "s3://sample-data/cluster/backfill_job.py"
      && local.backfill.JobDriver.SparkSubmit["EntryPointArguments.$"] == "$.backfill"
    )
    error_message = "an operator's backfill is not run, or is taken for the stream's run"
  }

  assert {
    condition = (
      local.backfill.JobDriver.SparkSubmit.SparkSubmitParameters == "--conf spark.dynamicAllocation.maxExecutors=3"
      && contains(keys(local.keeper.States), "Backfill") && !contains(keys(local.keeper.States), "NoRoom")
    )
    error_message = "a backfill leaves the stream's run no driver or no executor"
  }

  assert {
    condition = (
      [for choice in local.choices : choice.Next] == ["Done", "CancelSecond", "Done", "Cancel", "Start"]
      && local.keeper.States.Cancel.Parameters["JobRunId.$"] == "$.found.JobRuns[0].Id"
      && local.keeper.States.CancelSecond.Parameters["JobRunId.$"] == "$.found.JobRuns[1].Id"
    )
    error_message = "of two runs, both go on, or the wrong one is cancelled"
  }

  assert {
    condition     = local.keeper.States.Look.Parameters.Mode == "STREAMING" && contains(local.keeper.States.Look.Parameters.States, "QUEUED")
    error_message = "a batch run is taken for the stream's, or a run that waits is overlooked"
  }

  assert {
    condition = (
      local.spark_properties["spark.archives"] == "s3://sample-data/cluster/cluster.tftest.hcl#headwater"
      && local.spark_properties["spark.jars"] == "s3://sample-data/cluster/good.yaml,s3://sample-data/cluster/weblogs.yaml"
      && local.spark_properties["spark.dynamicAllocation.maxExecutors"] == "5"
      && local.spark_properties["spark.emr-serverless.driverEnv.STREAM_NAME"] == "sample-events"
      && local.spark_properties["spark.emr-serverless.driverEnv.CONSUMER_GROUP"] == "writer"
      && local.spark_properties["spark.emr-serverless.driverEnv.ROUND_SECONDS"] == "60"
      && local.spark_properties["spark.emr-serverless.driverEnv.PYSPARK_PYTHON"] == local.spark_properties["spark.executorEnv.PYSPARK_PYTHON"]
    )
    error_message = "the job is not told what it reads, or runs without its code"
  }
}

run "refuses_a_backfill_that_would_starve_the_stream" {
  command = plan

  variables {
    settings = { writes = true, subnet_ids = ["subnet-private"], max_vcpu = 12, round_seconds = 30 }
  }

  module {
    source = "../../terraform/modules/cluster"
  }

  assert {
    condition = (
      local.keeper.States.Asked.Choices[0].Next == "NoRoom"
      && local.keeper.States.NoRoom.Type == "Fail"
      && !contains(keys(local.keeper.States), "Backfill")
    )
    error_message = "a backfill and the stream's run wait for each other's workers"
  }
}
