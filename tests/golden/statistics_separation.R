# Small Cox fits for Histonic.Statistics, many of them without a finite maximum, from R's survival (Debian: r-cran-survival).
# Run in this folder: Rscript statistics_separation.R
# Writes statistics_separation.csv: per data set its rows, and R's coefficients or NA where R warns that one may be infinite.
suppressMessages(library(survival))
set.seed(20261123)
rows <- data.frame()
for (set in 1:80) {
  n <- 12
  d <- data.frame(set, time = sample(1:15, n, replace = TRUE), event = rbinom(n, 1, 0.5), a = rbinom(n, 1, 0.35), b = round(rnorm(n), 1))
  if (sum(d$event) == 0 || var(d$a) == 0) next
  infinite <- FALSE
  fit <- withCallingHandlers(coxph(Surv(time, event) ~ a + b, d, control = coxph.control(iter.max = 50)),
    warning = function(w) { infinite <<- TRUE; invokeRestart("muffleWarning") })
  beta <- if (infinite || any(is.na(coef(fit)))) c(NA, NA) else coef(fit)
  rows <- rbind(rows, data.frame(d, beta_a = sprintf("%.17g", beta[1]), beta_b = sprintf("%.17g", beta[2])))
}
write.csv(rows, "statistics_separation.csv", row.names = FALSE, quote = FALSE)
