# The whole account's bill: a stack's own share is known only where its tags are activated for billing.
resource "aws_budgets_budget" "account" {
  count        = var.monthly_budget_usd == null ? 0 : 1
  name         = "${var.name}-${var.account.region}" # An account's budgets are of no region.
  budget_type  = "COST"
  time_unit    = "MONTHLY"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"

  dynamic "notification" {
    for_each = toset(["FORECASTED", "ACTUAL"])

    content {
      notification_type          = notification.value
      comparison_operator        = "GREATER_THAN"
      threshold                  = 100
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.email]
    }
  }
}
