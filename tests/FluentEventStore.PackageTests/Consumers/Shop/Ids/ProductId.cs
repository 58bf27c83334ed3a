using Vogen;

namespace Ids;

[ValueObject<Guid>]
public readonly partial struct ProductId;
