mock_provider "aws" {
  source = "./mocks"
}

variables {
  name    = "sample-failures"
  account = { region = "eu-west-1" }
}

run "mails_whoever_asked_for_it" {
  command = plan

  variables {
    email = "ada@example.com"
  }

  module {
    source = "../../terraform/modules/alerts"
  }

  assert {
    condition     = aws_sns_topic_subscription.email[0].endpoint == "ada@example.com"
    error_message = "nobody is told"
  }
}

run "mails_of_a_bill_that_is_too_high" {
  command = plan

  variables {
    email              = "ada@example.com"
    monthly_budget_usd = 100
  }

  module {
    source = "../../terraform/modules/alerts"
  }

  assert {
    condition     = aws_budgets_budget.account[0].limit_amount == "100" && alltrue([for told in aws_budgets_budget.account[0].notification : told.subscriber_email_addresses == toset(["ada@example.com"])])
    error_message = "nobody is told of the bill"
  }
}

run "mails_nobody_else" {
  command = plan

  module {
    source = "../../terraform/modules/alerts"
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 0 && length(aws_budgets_budget.account) == 0
    error_message = "somebody is told who did not ask for it"
  }
}
