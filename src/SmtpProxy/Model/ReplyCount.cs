using SmtpProxy.Protocol;

namespace SmtpProxy.Model;

/// <summary>How many replies of one kind a destination gave within a transaction.</summary>
/// <param name="Destination">Identifier of the destination.</param>
/// <param name="Stage">What was answered.</param>
/// <param name="Code">Reply code; 0 for those of a server that used too many.</param>
/// <param name="Enhanced">Enhanced code; none when the reply had none.</param>
/// <param name="Count">Number of such replies.</param>
public readonly record struct ReplyCount(string Destination, TransactionStage Stage, int Code, EnhancedStatusCode Enhanced, int Count);
