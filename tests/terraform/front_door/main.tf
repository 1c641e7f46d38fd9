# The root module's variables (variables.tf is its own) and nothing behind them: no provider starts, so
# each refusal takes milliseconds. This is what they ask the root module for; root.tftest.hcl asks the
# root module itself.
locals {
  account = { region = "eu-west-1" }
}
