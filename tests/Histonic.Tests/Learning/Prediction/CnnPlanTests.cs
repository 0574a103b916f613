using Histonic.Learning.Prediction;

namespace Histonic.Tests.Learning.Prediction;

public sealed class CnnPlanTests
{
    [Fact]
    public void A_grid_of_400_gets_the_papers_eight_layers() =>
        Assert.Equal([2, 2, 2, 2, 2, 2, 1, 1], CnnPlan.For(400).Strides);

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 7)]
    [InlineData(10, 11)]
    [InlineData(16, 16)]
    [InlineData(24, 24)]
    [InlineData(64, 64)]
    [InlineData(100, 100)]
    [InlineData(223, 255)]
    [InlineData(287, 400)]
    [InlineData(800, 400)]
    public void The_crop_is_the_smallest_that_holds_the_largest_grid(int side, int crop) =>
        Assert.Equal(crop, CnnPlan.For(side).Crop);

    [Fact]
    public void Every_plan_shrinks_its_crop_to_one_cell_by_convolutions_without_padding()
    {
        for (var side = 1; side <= 500; side++)
        {
            var plan = CnnPlan.For(side);
            var left = plan.Crop;
            foreach (var stride in plan.Strides)
                left = ((left - 3) / stride) + 1;

            Assert.Equal(1, left);
            Assert.True(plan.Crop >= Math.Min(side, CnnPlan.PaperCrop));
        }
    }
}
