using System.CommandLine;

namespace SmtpProxy.Host.Commands;

/// <summary>Arguments that several affinity commands take.</summary>
internal static class AffinityArguments
{
    public static Argument<string> Sender() =>
        new("SENDER") { Description = "Address of the sender; under the policy SenderDomain any address of the domain." };

    public static Argument<string> Destination() =>
        new("DESTINATION") { Description = "Identifier of the destination in the cluster." };
}
