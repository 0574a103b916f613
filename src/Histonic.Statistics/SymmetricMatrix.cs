namespace Histonic.Statistics;

/// <summary>Symmetric positive definite matrices, by Cholesky's factor.</summary>
internal static class SymmetricMatrix
{
    /// <summary>The inverse; null where the matrix is singular to working precision.</summary>
    public static double[,]? Inverse(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        if (Cholesky(matrix) is not { } lower)
            return null;
        var inverse = new double[n, n];
        var column = new double[n];
        for (var k = 0; k < n; k++)
        {
            for (var i = 0; i < n; i++)
            {
                var sum = i == k ? 1.0 : 0.0;
                for (var j = 0; j < i; j++)
                    sum -= lower[i, j] * column[j];
                column[i] = sum / lower[i, i];
            }

            for (var i = n - 1; i >= 0; i--)
            {
                var sum = column[i];
                for (var j = i + 1; j < n; j++)
                    sum -= lower[j, i] * column[j];
                column[i] = sum / lower[i, i];
            }

            for (var i = 0; i < n; i++)
                inverse[i, k] = column[i];
        }

        return inverse;
    }

    /// <summary>matrix · vector.</summary>
    public static double[] Multiply(double[,] matrix, ReadOnlySpan<double> vector)
    {
        var product = new double[matrix.GetLength(0)];
        for (var i = 0; i < product.Length; i++)
        {
            for (var j = 0; j < vector.Length; j++)
                product[i] += matrix[i, j] * vector[j];
        }

        return product;
    }

    /// <summary>vectorᵀ · matrix · vector.</summary>
    public static double Form(double[,] matrix, ReadOnlySpan<double> vector)
    {
        var product = Multiply(matrix, vector);
        var sum = 0.0;
        for (var i = 0; i < product.Length; i++)
            sum += product[i] * vector[i];
        return sum;
    }

    private static double[,]? Cholesky(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var lower = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            var pivot = matrix[j, j];
            for (var k = 0; k < j; k++)
                pivot -= lower[j, k] * lower[j, k];
            // relative to its own diagonal entry: a column's scale must not decide whether it counts as dependent
            if (!(pivot > matrix[j, j] * 1e-11))
                return null;
            lower[j, j] = Math.Sqrt(pivot);
            for (var i = j + 1; i < n; i++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                    sum -= lower[i, k] * lower[j, k];
                lower[i, j] = sum / lower[j, j];
            }
        }

        return lower;
    }
}
