using FsCheck;
using FsCheck.Fluent;

namespace SmtpProxy.Protocol.Tests;

/// <summary>Valid arguments of MAIL, made up at random by the grammar of RFC 5321 section 4.1.2.</summary>
/// <param name="Argument">What a client may write.</param>
/// <param name="Mailbox">The octets of the path that it means.</param>
internal sealed record EnvelopePaths(string Argument, string Mailbox)
{
    private static readonly Gen<string> Atom =
        Gen.Elements("abcXYZ019!#$%&'*+-/=?^_`{|}~".ToCharArray()).NonEmptyListOf().Select(static letters => string.Concat(letters));

    private static readonly Gen<string> Quoted =
        Gen.OneOf(
                Gen.Choose(0x20, 0x7e).Where(static octet => octet is not ('"' or '\\')).Select(static octet => ((char)octet).ToString()),
                Gen.Choose(0x20, 0x7e).Select(static octet => $"\\{(char)octet}"))
            .ArrayOf().Select(static parts => $"\"{string.Concat(parts)}\"");

    private static readonly Gen<string> Label =
        Gen.Elements("abz09Z".ToCharArray()).NonEmptyListOf().Select(static letters => string.Concat(letters.Take(20)));

    private static readonly Gen<string> Domain = Gen.OneOf(
        Label.NonEmptyListOf().Select(static labels => string.Join('.', labels.Take(4))),
        Gen.Elements("[192.0.2.1]", "[IPv6:2001:db8::1]"));

    public static Arbitrary<EnvelopePaths> Any { get; } =
        (from local in Gen.OneOf(Atom.NonEmptyListOf().Select(static atoms => string.Join('.', atoms.Take(3))), Quoted)
         from domain in Domain
         from isNull in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
         from route in Gen.Elements("", "", "@a.example:", "@a.example,@b.example:")
         from keyword in Gen.Elements("FROM:", "from:", "From: ")
         from parameters in Gen.Elements("", "", " SIZE=10", " size=0  body=8bitmime", "\tBODY=8BITMIME ")
         let mailbox = isNull ? "" : $"{local}@{domain}"
         select new EnvelopePaths($"{keyword}<{(isNull ? "" : route)}{mailbox}>{parameters}", mailbox)).ToArbitrary();
}
