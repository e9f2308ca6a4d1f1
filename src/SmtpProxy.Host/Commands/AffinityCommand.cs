using System.CommandLine;

namespace SmtpProxy.Host.Commands;

/// <summary><c>affinity</c>: see and change which sender goes where; the verbs are those of <c>doveadm director</c>.</summary>
internal static class AffinityCommand
{
    public static Command Create() =>
        new("affinity", "See and change which sender goes to which destination.")
        {
            AffinityStatusCommand.Create(),
            AffinityMapCommand.Create(),
            AffinityMoveCommand.Create(),
            AffinityPinCommand.Create(),
            AffinityFlushCommand.Create(),
        };
}
