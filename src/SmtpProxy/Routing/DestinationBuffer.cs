using System.Runtime.CompilerServices;
using SmtpProxy.Model;

namespace SmtpProxy.Routing;

/// <summary>Room on the stack for the destinations of nearly every cluster.</summary>
[InlineArray(Length)]
internal struct DestinationBuffer
{
    public const int Length = 32;

    private DestinationState _first;
}
