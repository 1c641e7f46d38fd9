# AWS has nothing that keeps a run of a job running: a streaming run is started again after it failed, but not
# after an hour full of failures, nor the first time, nor with new code. So a state machine looks every
# five minutes, and starts or cancels what is not as it should be (docs/adr/0026).

locals {
  # Another name is another run: of other code, or with other settings.
  run_name = "${var.name}-${substr(sha256(jsonencode(local.spark_properties)), 0, 16)}"

  sdk = "arn:${var.account.partition}:states:::aws-sdk:emrserverless"

  found  = "$.found.JobRuns[0]"
  second = "$.found.JobRuns[1]"

  choices = [
    {
      And = [
        { Variable = local.found, IsPresent = true },
        { Variable = "${local.found}.State", StringEquals = "CANCELLING" },
      ]
      Next = "Done"
    },
    # Two looks at once, as EventBridge may start them, find nothing and start a run each.
    {
      And = [
        { Variable = "$.writes", BooleanEquals = true },
        { Variable = "${local.found}.Name", IsPresent = true },
        { Variable = "${local.found}.Name", StringEquals = local.run_name },
        { Variable = local.second, IsPresent = true },
        { Not = { Variable = "${local.second}.State", StringEquals = "CANCELLING" } },
      ]
      Next = "CancelSecond"
    },
    {
      And = [
        { Variable = "$.writes", BooleanEquals = true },
        { Variable = "${local.found}.Name", IsPresent = true },
        { Variable = "${local.found}.Name", StringEquals = local.run_name },
      ]
      Next = "Done"
    },
    { Variable = local.found, IsPresent = true, Next = "Cancel" },
    { Variable = "$.writes", BooleanEquals = true, Next = "Start" },
  ]

  # Beside a backfill's own driver, the stream's driver and one executor always fit.
  backfill_executors = var.settings.max_vcpu / local.worker.vcpu - 3
  asked_backfill     = local.backfill_executors < 1 ? "NoRoom" : "Backfill"

  # AWS refuses a state that nothing leads to.
  asked_backfills = {
    for name, state in {
      Backfill = {
        Type       = "Task"
        Resource   = "${local.sdk}:startJobRun"
        Parameters = local.backfill
        Next       = "Done"
      }

      NoRoom = {
        Type  = "Fail"
        Error = "NoRoom"
        Cause = "A backfill and the stream's run need two workers of four vCPU each: set cluster.max_vcpu to 16 or more."
      }
    } : name => state if name == local.asked_backfill
  }

  cancels = {
    for name, run in {
      Cancel       = local.found
      CancelSecond = local.second
      } : name => {
      Type     = "Task"
      Resource = "${local.sdk}:cancelJobRun"
      Parameters = {
        ApplicationId = aws_emrserverless_application.cluster.id
        "JobRunId.$"  = "${run}.Id"
      }
      Next = "Done"
    }
  }

  keeper = {
    StartAt = "Asked"

    States = merge(local.asked_backfills, local.cancels, {
      # An operator asks for a backfill, the schedule for nothing.
      Asked = {
        Type    = "Choice"
        Choices = [{ Variable = "$.backfill", IsPresent = true, Next = local.asked_backfill }]
        Default = "Look"
      }

      Look = {
        Type     = "Task"
        Resource = "${local.sdk}:listJobRuns"
        Parameters = {
          ApplicationId = aws_emrserverless_application.cluster.id
          Mode          = "STREAMING"
          States        = ["SUBMITTED", "QUEUED", "PENDING", "SCHEDULED", "RUNNING", "CANCELLING"]
        }
        ResultPath = "$.found"
        Next       = "Decide"
      }

      Decide = {
        Type    = "Choice"
        Choices = local.choices
        Default = "Done"
      }

      Start = {
        Type       = "Task"
        Resource   = "${local.sdk}:startJobRun"
        Parameters = local.stream
        Next       = "WasNotRunning"
      }

      Done = { Type = "Succeed" }

      # An execution that fails is what the alarm counts.
      WasNotRunning = {
        Type  = "Fail"
        Error = "WasNotRunning"
        Cause = "No run was there, so one was started."
      }
    })
  }

  stream = merge(local.run, {
    Name        = local.run_name
    Mode        = "STREAMING"
    RetryPolicy = { MaxFailedAttemptsPerHour = 10 }
    JobDriver   = { SparkSubmit = { EntryPoint = local.mains.job } }
  })

  backfill = merge(local.run, {
    Name        = "${var.name}-backfill"
    Mode        = "BATCH"
    RetryPolicy = { MaxAttempts = 3 }

    JobDriver = {
      SparkSubmit = {
        EntryPoint              = local.mains.backfill_job
        "EntryPointArguments.$" = "$.backfill"
        SparkSubmitParameters   = "--conf spark.dynamicAllocation.maxExecutors=${local.backfill_executors}"
      }
    }
  })

  mains = { for name, main in aws_s3_object.main : name => "${local.code}/${main.key}" }

  run = {
    ApplicationId           = aws_emrserverless_application.cluster.id
    "ClientToken.$"         = "States.UUID()"
    ExecutionRoleArn        = aws_iam_role.job.arn
    ExecutionTimeoutMinutes = 0

    ConfigurationOverrides = {
      ApplicationConfiguration = [{ Classification = "spark-defaults", Properties = local.spark_properties }]

      MonitoringConfiguration = {
        CloudWatchLoggingConfiguration = {
          Enabled      = true
          LogGroupName = aws_cloudwatch_log_group.cluster.name
          LogTypes     = { SPARK_DRIVER = ["STDOUT", "STDERR"] }
        }
        ManagedPersistenceMonitoringConfiguration = { Enabled = false }
      }
    }
  }
}

resource "aws_sfn_state_machine" "keeper" {
  # checkov:skip=CKV_AWS_284:Three calls, whose times are in the history of each execution.
  # checkov:skip=CKV_AWS_285:The history of each execution is kept for ninety days.

  name       = var.name
  role_arn   = aws_iam_role.keeper.arn
  definition = jsonencode(local.keeper)
}

resource "aws_cloudwatch_event_rule" "keeper" {
  name                = var.name
  description         = "When the cluster's run is looked for."
  schedule_expression = "rate(5 minutes)"
}

resource "aws_cloudwatch_event_target" "keeper" {
  rule     = aws_cloudwatch_event_rule.keeper.name
  arn      = aws_sfn_state_machine.keeper.arn
  role_arn = aws_iam_role.schedule.arn
  input    = jsonencode({ writes = var.settings.writes })

  # The first look is at once.
  depends_on = [aws_iam_role_policy.job, aws_iam_role_policy.keeper, aws_iam_role_policy.schedule]
}
