using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace SmtpProxy.Transport.Connections;

/// <summary>The features of a connection, which mostly has one of its own: that one needs no dictionary.</summary>
/// <param name="shared">Features of all connections of a loop, unless a connection has its own of that type.</param>
internal sealed class SlimFeatureCollection(IFeatureCollection shared) : IFeatureCollection
{
    private Type? _firstType;
    private object? _first;
    private FeatureCollection? _others;
    private int _revision;

    /// <inheritdoc/>
    public bool IsReadOnly => false;

    /// <inheritdoc/>
    public int Revision => _revision + (_others?.Revision ?? 0);

    /// <inheritdoc/>
    public object? this[Type key]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(key);
            return key == _firstType ? _first : _others?[key] ?? shared[key];
        }

        set
        {
            ArgumentNullException.ThrowIfNull(key);
            if (_firstType == key || (_firstType is null && _others?[key] is null))
            {
                _revision++;
                (_firstType, _first) = (value is null ? null : key, value);
            }
            else
            {
                (_others ??= new FeatureCollection())[key] = value;
            }
        }
    }

    /// <inheritdoc/>
    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    /// <inheritdoc/>
    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator()
    {
        if (_firstType is not null)
        {
            yield return new(_firstType, _first!);
        }

        foreach (var other in _others ?? [])
        {
            yield return other;
        }

        foreach (var one in shared)
        {
            if (one.Key != _firstType && _others?[one.Key] is null)
            {
                yield return one;
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
