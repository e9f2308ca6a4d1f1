using SmtpProxy.Routing.SenderKeys;
using Xunit;

namespace SmtpProxy.Tests.Routing.SenderKeys;

public sealed class NormalizerTests
{
    [Theory]
    [InlineData("user+tag@x.com", "user@x.com")]
    [InlineData("user+a+b@x.com", "user@x.com")]
    [InlineData("user+@x.com", "user@x.com")]
    [InlineData("+tag@x.com", "+tag@x.com")]
    [InlineData("user-tag@x.com", "user-tag@x.com")]
    [InlineData("SRS0+HH+H=TT=orig.com=user@x.com", "SRS0+HH+H=TT=orig.com=user@x.com")]
    public void SubAddress_Table(string sender, string expected) => Check(new SubAddressNormalizer(), sender, expected);

    [Theory]
    [InlineData("list-bounces+rcpt=domain.com@lists.x.com", "list-bounces@lists.x.com")] // Mailman
    [InlineData("owner-list+joe=example.com@x.com", "owner-list@x.com")] // Postfix
    [InlineData("list-return-123-joe=example.com@x.com", "list-return@x.com")] // ezmlm
    [InlineData("list-return-123-joe-smith=example.com@x.com", "list-return@x.com")]
    [InlineData("owner-list-joe=example.com@x.com", "owner-list@x.com")] // qmail
    [InlineData("owner-news*joe**EXAMPLE*-COM@x.com", "owner-news@x.com")] // LISTSERV
    [InlineData("bounce-12345-user=example.com@x.com", "bounce@x.com")]
    [InlineData("news-12345-first-last=example.com@x.com", "news@x.com")]
    [InlineData("bounce+84d3a7.2eb5d-user=example.com@mg.x.com", "bounce@mg.x.com")] // Mailgun
    [InlineData("bounces+1234567-ab1c-user=example.com@em.x.com", "bounces@em.x.com")] // SendGrid
    [InlineData("bounce-md_30012345.5f3a0b1c.v1-0a1b2c3d@x.com", "bounce@x.com")] // Mandrill
    [InlineData("bounce-12_HTML-345-678-9-0@x.com", "bounce@x.com")] // Salesforce
    [InlineData("bounce+joe==a==example.com==list@x.com", "bounce@x.com")] // Sympa
    [InlineData("010001863b1d0e9a-3f2f1c55-7a3b-4d2e-9c11-0123456789ab-000000@x.com", "*@x.com")] // Amazon SES
    [InlineData("010001863b1d0e9a-3f2f1c55-7a3b-4d2e-9c11-0123456789ab@x.com", "010001863b1d0e9a-3f2f1c55-7a3b-4d2e-9c11-0123456789ab@x.com")]
    [InlineData("list-bounces@x.com", "list-bounces@x.com")]
    [InlineData("list-return-policy@x.com", "list-return-policy@x.com")]
    [InlineData("a=b@x.com", "a=b@x.com")]
    [InlineData("user+tag@x.com", "user+tag@x.com")]
    [InlineData("jean-luc@x.com", "jean-luc@x.com")]
    [InlineData("IMCEAEX-_O=ORG_OU=SITE@x.com", "IMCEAEX-_O=ORG_OU=SITE@x.com")]
    [InlineData("SRS0=HHH=TT=my-orig.com=a.b@x.com", "SRS0=HHH=TT=my-orig.com=a.b@x.com")]
    [InlineData("-joe=example.com@x.com", "-joe=example.com@x.com")]
    public void Verp_Table(string sender, string expected) => Check(new VerpNormalizer(), sender, expected);

    [Theory]
    [InlineData("prvs=0123abcdef=user@x.com", "user@x.com")]
    [InlineData("PRVS=0123ABCDEF=user@x.com", "user@x.com")]
    [InlineData("prvs=11234abcd=first.last@x.com", "first.last@x.com")]
    [InlineData("prvs=user/0123abcdef@x.com", "user@x.com")]
    [InlineData("prvs=0123abcdef=a=b@x.com", "a=b@x.com")]
    [InlineData("msprvs1=17387hqXyLVYX=bounces-1@x.com", "bounces-1@x.com")] // SparkPost
    [InlineData("btv1==06517e8d3b1==user@x.com", "user@x.com")] // Barracuda
    [InlineData("prvs=0123abcdef=prvs=1123abcdef=user@x.com", "user@x.com")]
    [InlineData("prvs=0123abcdef=@x.com", "prvs=0123abcdef=@x.com")]
    [InlineData("prvs=ab=user@x.com", "prvs=ab=user@x.com")]
    [InlineData("prvs=user@x.com", "prvs=user@x.com")]
    [InlineData("prvs=/0123abcdef@x.com", "prvs=/0123abcdef@x.com")]
    public void Batv_Table(string sender, string expected) => Check(new BatvNormalizer(), sender, expected);

    [Theory]
    [InlineData("SRS0=HHHH=TT=orig.com=user@fwd.com", "user@orig.com")]
    [InlineData("srs0+HHHH=TT=orig.com=user@fwd.com", "user@orig.com")]
    [InlineData("SRS0-H+/H=TT=orig.com=us=er@fwd.com", "us=er@orig.com")]
    [InlineData("SRS1=HHHH=fwd.com==HHHH=TT=orig.com=user@fwd2.com", "user@orig.com")]
    [InlineData("SRS1+HHHH=fwd.com=+HHHH=TT=orig.com=user@fwd2.com", "user@orig.com")]
    [InlineData("SRS1=HHHH=fwd.com=-HHHH=TT=orig.com=user@fwd2.com", "user@orig.com")]
    [InlineData("box+SRS=HHHHH=TT=orig.com=user@fwd.com", "user@orig.com")] // Exchange Online
    [InlineData("bounces+SRS=HHHHH=TT@fwd.com", "bounces@fwd.com")]
    [InlineData("SRS0=H=T=b.com=SRS0=H=T=orig.com=user@fwd.com", "user@orig.com")]
    [InlineData("SRS1=HHHH=fwd.com=opaque@fwd2.com", "SRS1=HHHH=fwd.com=opaque@fwd2.com")]
    [InlineData("SRS0=HHHH=TT=orig.com=@fwd.com", "SRS0=HHHH=TT=orig.com=@fwd.com")]
    [InlineData("SRS0=HHHH=TT==user@fwd.com", "SRS0=HHHH=TT==user@fwd.com")]
    [InlineData("SRS0=HHHH@fwd.com", "SRS0=HHHH@fwd.com")]
    [InlineData("SRS0user@fwd.com", "SRS0user@fwd.com")]
    [InlineData("SRS0=@fwd.com", "SRS0=@fwd.com")]
    [InlineData("SRS1=@fwd.com", "SRS1=@fwd.com")]
    [InlineData("SRS1=H=f=@fwd.com", "SRS1=H=f=@fwd.com")]
    public void Srs_Table(string sender, string expected) => Check(new SrsNormalizer(), sender, expected);

    private static void Check(ISenderNormalizer normalizer, string sender, string expected)
    {
        var factory = new SenderKeyFactory(new SenderAddressKeyPolicy(), null, [normalizer], foldLocalPart: false);

        var key = factory.Create(Envelopes.From(sender)).Value;

        Assert.Equal(expected, key);
        Assert.Equal(expected, factory.Create(Envelopes.From(key!)).Value);
    }
}
