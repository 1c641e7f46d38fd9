# One poll at a time, by EventBridge.

resource "aws_cloudwatch_event_rule" "schedule" {
  for_each = local.schedules

  name                = "${var.name}-${each.key}"
  description         = "When ${each.key} is polled."
  schedule_expression = var.settings.schedule
}

resource "aws_cloudwatch_event_target" "schedule" {
  for_each = local.schedules

  rule     = aws_cloudwatch_event_rule.schedule[each.key].name
  arn      = aws_ecs_cluster.poller.arn
  role_arn = aws_iam_role.schedule[0].arn

  ecs_target {
    task_definition_arn = aws_ecs_task_definition.poller[each.key].arn
    launch_type         = "FARGATE"
    task_count          = 1

    network_configuration {
      subnets          = local.subnet_ids
      security_groups  = [aws_security_group.poller.id]
      assign_public_ip = local.has_public_address
    }
  }
}

resource "aws_iam_role" "schedule" {
  count = local.is_scheduled ? 1 : 0

  name                 = "${var.name}-schedule${var.roles.suffix}"
  path                 = var.roles.path
  permissions_boundary = var.roles.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "schedule" {
  count = local.is_scheduled ? 1 : 0

  name = "run"
  role = aws_iam_role.schedule[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Tasks"
        Effect   = "Allow"
        Action   = ["ecs:RunTask"]
        Resource = [for task in aws_ecs_task_definition.poller : task.arn]
      },
      {
        Sid      = "Roles"
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = [aws_iam_role.poll.arn, aws_iam_role.start.arn]
      },
    ]
  })
}
