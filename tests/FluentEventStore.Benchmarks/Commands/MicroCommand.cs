using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using FluentEventStore.Benchmarks.Micro;

namespace FluentEventStore.Benchmarks.Commands;

/// <summary>Runs the micro-benchmarks, in this process.</summary>
internal static class MicroCommand
{
    public static void Run()
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10);
        BenchmarkRunner.Run<CodecBenchmarks>(ManualConfig.Create(DefaultConfig.Instance).AddJob(job));
    }
}
