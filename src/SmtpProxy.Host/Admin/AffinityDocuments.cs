using SmtpProxy.Host.Admin.Documents;
using SmtpProxy.Model;

namespace SmtpProxy.Host.Admin;

/// <summary>Shows entries to the outside.</summary>
internal static class AffinityDocuments
{
    public static AffinityDocument Create(string sender, AffinityEntry entry) => new(
        sender,
        entry.Destination,
        entry.Reason switch
        {
            AffinityReason.Assigned => "assigned",
            AffinityReason.Rerouted => "rerouted",
            AffinityReason.Pinned => "pinned",
            AffinityReason.Rebalanced => "rebalanced",
            _ => "unknown",
        },
        entry.AssignedAt,
        entry.ExpiresAt,
        entry.Generation,
        entry.AvoidedDestination,
        entry.AvoidedUntil);
}
