# Golden values for Histonic.Statistics from R's pROC, vcd and stats (Debian: r-cran-proc, r-cran-vcd).
# Run in this folder after statistics_scores.py: Rscript statistics_classes.R
# Writes statistics_classes.csv (name,value).
suppressMessages({library(pROC); library(vcd)})
d <- read.csv("statistics_random.csv")
values <- data.frame()
add <- function(name, value) values <<- rbind(values, data.frame(name, value = sprintf("%.17g", value)))

# DeLong: one area, two areas of the same rows
a <- roc(d$positive, d$score, direction = "<", quiet = TRUE)
b <- roc(d$positive, d$y, direction = "<", quiet = TRUE)
ends <- ci.auc(a, method = "delong")
add("delong_low", ends[1]); add("delong_high", ends[3]); add("delong_variance", var(a, method = "delong"))
test <- roc.test(a, b, method = "delong", paired = TRUE)
add("delong_second", as.numeric(auc(b))); add("delong_p", test$p.value)
add("delong_difference_low", test$conf.int[1]); add("delong_difference_high", test$conf.int[2])
area <- as.numeric(auc(a)); width <- qnorm(0.975) * sqrt(var(a)) / (area * (1 - area))
add("delong_logit_low", plogis(qlogis(area) - width)); add("delong_logit_high", plogis(qlogis(area) + width))

# Obuchowski 1997, straight from its definition, with 50 groups of rows
group <- (seq_len(nrow(d)) - 1) %% 50
wins <- function(s, x) outer(s[d$positive == 1], s[d$positive == 0], function(p, n) (p > n) + (p == n) / 2)
parts <- function(s) {
  w <- wins(s); theta <- mean(w)
  list(x = tapply(c(rowMeans(w), 0 * 1:50), c(group[d$positive == 1], 0:49), sum), m = tabulate(group[d$positive == 1] + 1, 50),
    y = tapply(c(colMeans(w), 0 * 1:50), c(group[d$positive == 0], 0:49), sum), n = tabulate(group[d$positive == 0] + 1, 50), theta = theta)
}
covariance <- function(p, q) {
  M <- sum(p$m); N <- sum(p$n); I10 <- sum(p$m > 0); I01 <- sum(p$n > 0); I <- 50
  px <- p$x - p$m * p$theta; py <- p$y - p$n * p$theta; qx <- q$x - q$m * q$theta; qy <- q$y - q$n * q$theta
  s10 <- I10 / ((I10 - 1) * M) * sum(px * qx); s01 <- I01 / ((I01 - 1) * N) * sum(py * qy)
  s11 <- I / (I - 1) * sum(px * qy); s11b <- I / (I - 1) * sum(qx * py)
  s10 / M + s01 / N + (s11 + s11b) / (M * N)
}
p <- parts(d$score); q <- parts(d$y)
add("obuchowski_variance", covariance(p, p))
add("obuchowski_difference_variance", covariance(p, p) + covariance(q, q) - 2 * covariance(p, q))

# kappa
table4 <- table(factor(d$truth, 0:3), factor(d$predicted, 0:3))
k <- Kappa(table4, weights = "Equal-Spacing"); k2 <- Kappa(table4, weights = "Fleiss-Cohen")
add("kappa", k$Unweighted[["value"]]); add("kappa_error", k$Unweighted[["ASE"]])
add("kappa_linear", k$Weighted[["value"]]); add("kappa_linear_error", k$Weighted[["ASE"]])
add("kappa_quadratic", k2$Weighted[["value"]]); add("kappa_quadratic_error", k2$Weighted[["ASE"]])
w <- prop.test(sum(d$truth == d$predicted), nrow(d), correct = FALSE)$conf.int
add("accuracy_low", w[1]); add("accuracy_high", w[2])

# calibration line of the first class's probability, rounded ones of 0 and 1 moved inside
p0 <- pmin(pmax(d$p0, 0.005), 0.995)
fit <- summary(glm((d$truth == 0) ~ qlogis(p0), family = binomial, control = list(epsilon = 1e-14)))$coefficients
add("calibration_intercept", fit[1, 1]); add("calibration_intercept_error", fit[1, 2])
add("calibration_slope", fit[2, 1]); add("calibration_slope_error", fit[2, 2])

# correlation and errors
c <- cor.test(d$x, d$y)
add("pearson_low", c$conf.int[1]); add("pearson_high", c$conf.int[2]); add("pearson_p", c$p.value)
t <- t.test(abs(d$y - d$x))$conf.int
add("mae_low", t[1]); add("mae_high", t[2])
for (case in list(c(2.1, 3), c(0.4, 1), c(-12, 30), c(1.96, 1000))) add(paste0("student_", case[1], "_", case[2]), 2 * pt(-abs(case[1]), case[2]))
for (df in c(1, 2, 7, 400)) add(paste0("student_quantile_", df), qt(0.975, df))

# multiple testing
ps <- c(0.01, 0.04, 0.03, 0.005, 0.04, 0.9, 0.5, 0.0002)
for (method in c("bonferroni", "holm", "BH", "BY")) for (i in seq_along(ps)) add(paste0("p_", method, "_", i - 1), p.adjust(ps, method)[i])
write.csv(values, "statistics_classes.csv", row.names = FALSE, quote = FALSE)
