using Xunit;

namespace SmtpProxy.IntegrationTests.Publish;

/// <summary>The trimmed program.</summary>
public sealed class SingleFileTests(SingleFileProgram program) : PublishedProgramTests(program), IClassFixture<SingleFileProgram>;
