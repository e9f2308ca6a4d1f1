using System.Diagnostics.CodeAnalysis;

namespace SmtpProxy.Configuration.Schema;

/// <summary>What a trimmed program must keep of the types that the schema sees by reflection only.</summary>
internal static class SchemaMembers
{
    /// <summary>A record of a section: it is made, and its properties are read and set.</summary>
    public const DynamicallyAccessedMemberTypes OfRecord =
        DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.PublicParameterlessConstructor;
}
