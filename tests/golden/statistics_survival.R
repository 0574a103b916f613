# Golden values for Histonic.Statistics from R's survival package (Debian: r-cran-survival).
# Run in this folder after statistics_scores.py: Rscript statistics_survival.R [FOLDER OF THE ARFF FILES]
# Writes statistics_survival.csv (data,name,value) and statistics_kaplan_meier.csv (one row a time).
suppressMessages(library(survival))
folder <- c(commandArgs(TRUE), "../../../../shared/data/labels")[1]
arff <- function(name) {
  lines <- readLines(file.path(folder, paste0(name, ".arff")))
  start <- grep("^@data", lines, ignore.case = TRUE)
  head <- grep("^@attribute", lines[1:start], ignore.case = TRUE, value = TRUE)
  names <- sapply(strsplit(head, "[ \t]+"), `[`, 2)
  rows <- lines[(start + 1):length(lines)]
  read.csv(text = rows[nzchar(rows)], header = FALSE, quote = "'", col.names = names)
}
random <- read.csv("statistics_random.csv")
gbsg <- arff("GBSG2"); veteran <- arff("veteran"); whas <- arff("whas500")
sets <- list(
  random = with(random, data.frame(time, event, risk, group)),
  apart = with(random, data.frame(time = time + seq_along(time) / 1000, event, risk, group)), # the same without ties
  GBSG2 = with(gbsg, data.frame(time, event = cens, risk = pnodes, group = as.integer(factor(tgrade)) - 1)),
  veteran = with(veteran, data.frame(time = Survival_in_days, event = as.integer(Status == "dead"),
    risk = -Karnofsky_score, group = as.integer(factor(Celltype)) - 1)),
  whas500 = with(whas, data.frame(time = lenfol, event = fstat, risk = age, group = gender))
)
values <- data.frame(); curves <- data.frame()
for (name in names(sets)) {
  d <- sets[[name]]
  add <- function(what, value) values <<- rbind(values, data.frame(data = name, name = what, value = sprintf("%.17g", value)))
  y <- with(d, Surv(time, event))
  add("harrell", concordance(y ~ d$risk, reverse = TRUE)$concordance)
  test <- survdiff(y ~ d$group)
  add("logrank", test$chisq)
  add("logrank_p", pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE))
  for (k in seq_along(test$n)) {
    add(paste0("observed_", k - 1), test$obs[k])
    add(paste0("expected_", k - 1), test$exp[k])
  }
  fit <- survfit(y ~ 1)
  median <- quantile(fit, 0.5, conf.int = FALSE)
  if (!is.na(median)) add("median", median)
  curves <- rbind(curves, data.frame(data = name, time = sprintf("%.17g", fit$time), at_risk = fit$n.risk, events = fit$n.event,
    censored = fit$n.censor, survival = sprintf("%.17g", fit$surv), low = sprintf("%.17g", fit$lower),
    high = sprintf("%.17g", fit$upper)))
}
write.csv(values, "statistics_survival.csv", row.names = FALSE, quote = FALSE)
write.csv(curves, "statistics_kaplan_meier.csv", row.names = FALSE, quote = FALSE)
