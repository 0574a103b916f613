# Golden values for Histonic.Statistics from R's survival, riskRegression and pec
# (Debian: r-cran-survival, r-cran-riskregression, r-cran-pec).
# Run in this folder after statistics_scores.py: Rscript statistics_models.R [FOLDER OF THE ARFF FILES]
# Writes statistics_models.csv (data,name,value) and statistics_baseline.csv (data,model,stratum,time,hazard).
# The data: statistics_random.csv, and GBSG2 (Schumacher et al., J Clin Oncol 1994; 12:2086-93), veteran (Kalbfleisch and
# Prentice 1980) and whas500 (Hosmer, Lemeshow and May 2008), which are read where they lie and not copied.
suppressMessages({library(survival); library(riskRegression); library(pec)})
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
  random = with(random, data.frame(time, event, risk, group, x1 = score, x2 = positive)),
  # the same without ties
  apart = with(random, data.frame(time = time + seq_along(time) / 1000, event, risk, group, x1 = score, x2 = positive)),
  GBSG2 = with(gbsg, data.frame(time, event = cens, risk = pnodes, group = as.integer(factor(tgrade)) - 1, x1 = age, x2 = tsize)),
  veteran = with(veteran, data.frame(time = Survival_in_days, event = as.integer(Status == "dead"),
    risk = -Karnofsky_score, group = as.integer(factor(Celltype)) - 1, x1 = Age_in_years, x2 = Months_from_Diagnosis)),
  whas500 = with(whas, data.frame(time = lenfol, event = fstat, risk = age, group = gender, x1 = hr, x2 = bmi))
)
values <- data.frame(); baselines <- data.frame(); curves <- data.frame()
number <- function(x) sprintf("%.17g", x)
short <- function(x) sprintf("%.12g", x)
for (set in names(sets)) {
  d <- sets[[set]]
  d$cluster <- (seq_len(nrow(d)) - 1) %% 60
  d$half <- (seq_len(nrow(d)) - 1) %% 2
  add <- function(what, value) values <<- rbind(values, data.frame(data = set, name = what, value = number(value)))
  y <- with(d, Surv(time, event))
  horizons <- quantile(d$time[d$event == 1], c(0.25, 0.5, 0.75), names = FALSE, type = 1) + 0.25

  # concordance
  c1 <- concordance(y ~ d$risk, reverse = TRUE, influence = 1)
  c2 <- concordance(y ~ d$x1, reverse = TRUE, influence = 1)
  add("harrell_variance", c1$var)
  add("harrell_cluster_variance", concordance(y ~ d$risk, reverse = TRUE, cluster = d$cluster)$var)
  add("harrell_second", c2$concordance)
  add("harrell_difference_variance", sum((c1$dfbeta - c2$dfbeta)^2))
  u <- concordance(y ~ d$risk, reverse = TRUE, timewt = "n/G2")
  add("uno", u$concordance); add("uno_variance", u$var)
  u <- concordance(y ~ d$risk, reverse = TRUE, timewt = "n/G2", ymax = horizons[3])
  add("uno_horizon", u$concordance); add("uno_horizon_variance", u$var)

  # Kaplan-Meier
  for (type in c("log", "log-log", "plain")) {
    fit <- survfit(y ~ 1, conf.type = type, conf.int = 0.9)
    curves <- rbind(curves, data.frame(data = set, scale = type, time = number(fit$time), low = short(fit$lower),
      high = short(fit$upper), error = short(fit$std.err * fit$surv)))
    q <- quantile(fit, 0.5)
    for (end in c("quantile", "lower", "upper")) add(paste0("median_", type, "_", end), q[[end]])
  }
  rmean <- summary(survfit(y ~ 1), rmean = horizons[3])$table
  add("rmean", rmean[["rmean"]]); add("rmean_error", rmean[["se(rmean)"]])

  # log-rank in strata
  test <- survdiff(y ~ d$group + strata(d$half))
  add("logrank_strata", test$chisq)

  # Cox regression
  models <- list(
    one = coxph(y ~ risk, d), several = coxph(y ~ risk + x1 + x2, d),
    breslow = coxph(y ~ risk + x1 + x2, d, ties = "breslow"),
    strata = coxph(y ~ risk + x1 + x2 + strata(group), d)
  )
  for (model in names(models)) {
    fit <- models[[model]]
    s <- summary(fit, conf.int = 0.95)
    put <- function(what, value) add(paste0("cox_", model, "_", what), value)
    put("null", fit$loglik[1]); put("loglik", fit$loglik[2])
    put("lr", s$logtest[["test"]]); put("lr_p", s$logtest[["pvalue"]])
    # computed here, for R rounds Wald's statistic
    put("wald", drop(coef(fit) %*% solve(vcov(fit)) %*% coef(fit))); put("score", s$sctest[["test"]])
    for (j in seq_along(coef(fit))) {
      put(paste0("beta_", j - 1), coef(fit)[[j]]); put(paste0("error_", j - 1), sqrt(diag(vcov(fit)))[[j]])
      put(paste0("low_", j - 1), s$conf.int[j, 3]); put(paste0("high_", j - 1), s$conf.int[j, 4])
      put(paste0("p_", j - 1), s$coefficients[j, 5])
    }
    for (scale in c("km", "identity")) {
      zph <- cox.zph(fit, transform = scale)$table
      for (j in seq_len(nrow(zph))) put(paste("zph", scale, j - 1, sep = "_"), zph[j, 1])
    }
    h <- basehaz(fit, centered = FALSE)
    stratum <- if (is.null(h$strata)) 0 else as.integer(sub(".*=", "", as.character(h$strata)))
    stratum <- rep_len(stratum, nrow(h))
    # only the steps
    up <- c(TRUE, diff(h$hazard) > 0 | diff(stratum) != 0) & h$hazard > 0
    baselines <- rbind(baselines, data.frame(data = set, model = model, stratum = stratum, time = number(h$time),
      hazard = short(h$hazard))[up, ])
  }

  # time-dependent AUC and Brier score of the model with one covariate
  fit <- coxph(y ~ risk, d, x = TRUE)
  S <- exp(-outer(exp(coef(fit) * d$risk), sapply(horizons, function(t) {
    h <- basehaz(fit, centered = FALSE); max(0, h$hazard[h$time <= t])
  })))
  score <- Score(list(risk = 1 - S), formula = Surv(time, event) ~ 1, data = d, times = horizons, null.model = FALSE,
    cens.model = "km", conservative = TRUE, metrics = c("auc", "brier"))
  brier <- pec(list(risk = S), formula = Surv(time, event) ~ 1, data = cbind(d), times = horizons, exact = FALSE,
    cens.model = "marginal", reference = FALSE, verbose = FALSE, start = NULL)
  for (k in 1:3) {
    add(paste0("horizon_", k - 1), horizons[k])
    add(paste0("auc_", k - 1), score$AUC$score$AUC[k]); add(paste0("auc_error_", k - 1), score$AUC$score$se[k])
    add(paste0("brier_", k - 1), brier$AppErr$risk[brier$time == horizons[k]])
    add(paste0("brier_score_", k - 1), score$Brier$score$Brier[k])
  }
  b <- sapply(horizons, function(t) brier$AppErr$risk[brier$time == t])
  add("brier_integrated", sum(diff(horizons) * (b[-1] + b[-3]) / 2) / (horizons[3] - horizons[1]))
  s <- c(1, summary(survfit(y ~ 1), times = horizons)$surv)
  add("auc_mean", sum(score$AUC$score$AUC * -diff(s)) / (1 - s[4]))
}
write.csv(values, "statistics_models.csv", row.names = FALSE, quote = FALSE)
write.csv(baselines, "statistics_baseline.csv", row.names = FALSE, quote = FALSE)
write.csv(curves, "statistics_curves.csv", row.names = FALSE, quote = FALSE)
